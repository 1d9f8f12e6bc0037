"""One-to-one talks at an event, and their timetable."""
