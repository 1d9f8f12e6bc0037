"""The registers, read: the list of enterprises, lines and needs, pickers, and counts along the chains."""
