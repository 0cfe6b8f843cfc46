"""From the office's files to models, every value with its place; all problems of all files together.

Not here: whether a release is good (`checks`), or how it looks (`compose`, `writers`).
"""
