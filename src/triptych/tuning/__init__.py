"""Tunes two small local models: SmolLM2 with LoRA adapters, once as an LLM and once as a VLM.

The paper trains "two adapters tailored to the ASE dataset" (section 3.2). Here they are tuned on a CPU in minutes. The
target texts are generated from measurements, never from labels. The providers `local:vlm` and `local:llm` use them.
"""
