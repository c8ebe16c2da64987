"""Two small models of one's own: SmolLM2 with an adapter for reasoning, and one that also sees.

The paper trains "two adapters tailored to the ASE dataset" (section 3.2). Here they are tuned on a CPU in minutes, from
what code has measured and never from a label; `local:vlm` and `local:llm` answer with them.
"""
