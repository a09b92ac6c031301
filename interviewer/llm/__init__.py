"""Model endpoints and token counting: the only home of `openai` and `tiktoken`."""
