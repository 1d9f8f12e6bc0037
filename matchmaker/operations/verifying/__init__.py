"""What was exported, proved from its own rows: no server, no database, no settings."""
