"""The organ benchmark: headings with answers written by hand."""
