"""Answers of the VLM and the LLM: prompts, providers, and the store that keeps the answers."""
