"""The archive in a bucket: the same files under the same names, without rename and lock.

Not here: what a version holds (`archive.contents`).
"""
