"""The year's programme: chains, targets, counting rules, months that close."""
