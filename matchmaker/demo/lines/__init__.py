"""What each firm offers and asks for: lines in its own segments, and needs from the segments that feed them."""

from matchmaker.demo.lines.capabilities import build_capabilities
from matchmaker.demo.lines.needs import build_needs, upstream

__all__ = ["build_capabilities", "build_needs", "upstream"]
