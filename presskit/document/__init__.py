"""What flows on: the small closed tree in the middle, with its walk, its dump and its table of forms."""
