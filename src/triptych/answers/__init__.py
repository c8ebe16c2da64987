"""Answers: prompts, providers (VLM and LLM), and the store that keeps what they said."""
