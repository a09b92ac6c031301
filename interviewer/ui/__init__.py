"""The pages. They call the use cases and draw; nothing is decided here."""
