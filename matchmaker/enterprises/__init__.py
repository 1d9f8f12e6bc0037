"""The register of enterprises, what each can make and what each needs."""
