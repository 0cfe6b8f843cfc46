"""Lists of the media: files of the office to `MediaList`, other people's files to lists, and out again.

Not here: what a list is (`model.media`), and who wants no more mail (`send.suppression`).
"""

from __future__ import annotations

from presskit.load.media.lists import list_names, load_list

__all__ = ["list_names", "load_list"]
