"""What runs in the child process: parsers of strangers' files, and nothing that could be stolen."""
