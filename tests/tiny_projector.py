"""A tiny LLaVA-like projector with random weights in GGUF: a vision transformer of one block and a two-layer MLP."""

from pathlib import Path

import gguf
import numpy as np

SIDE, PATCH, WIDTH = 28, 14, 16


def projector(path: Path, text_width: int, seed: int = 0) -> Path:
    """A projector for a language model with embeddings [text_width]."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_clip_has_vision_encoder(True)
    writer.add_clip_projector_type("mlp")
    writer.add_vision_image_size(SIDE)
    writer.add_vision_patch_size(PATCH)
    writer.add_vision_embedding_length(WIDTH)
    writer.add_vision_feed_forward_length(2 * WIDTH)
    writer.add_vision_projection_dim(text_width)
    writer.add_vision_block_count(2)  # the last one is not run: LLaVA takes the features before it
    writer.add_vision_head_count(2)
    writer.add_vision_attention_layernorm_eps(1e-5)
    writer.add_vision_image_mean([0.5, 0.5, 0.5])
    writer.add_vision_image_std([0.5, 0.5, 0.5])
    writer.add_vision_use_gelu(True)
    rng = np.random.default_rng(seed)
    for name, shape in _shapes(text_width).items():
        writer.add_tensor(name, rng.normal(0, 0.3, shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes(text_width: int) -> dict[str, tuple[int, ...]]:
    square, wide = (WIDTH, WIDTH), 2 * WIDTH
    shapes: dict[str, tuple[int, ...]] = {
        "v.class_embd": (WIDTH,),
        "v.patch_embd.weight": (WIDTH, 3, PATCH, PATCH),
        "v.position_embd.weight": ((SIDE // PATCH) ** 2 + 1, WIDTH),
        "v.pre_ln.weight": (WIDTH,),
        "v.pre_ln.bias": (WIDTH,),
        "mm.0.weight": square,
        "mm.0.bias": (WIDTH,),
        "mm.2.weight": (text_width, WIDTH),
        "mm.2.bias": (text_width,),
    }
    for block in (f"v.blk.{i}" for i in range(2)):
        for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
            shapes |= {f"{block}.{part}.weight": square, f"{block}.{part}.bias": (WIDTH,)}
        for part in ("ln1", "ln2"):
            shapes |= {f"{block}.{part}.weight": (WIDTH,), f"{block}.{part}.bias": (WIDTH,)}
        shapes |= {f"{block}.ffn_up.weight": (wide, WIDTH), f"{block}.ffn_up.bias": (wide,)}
        shapes |= {f"{block}.ffn_down.weight": (WIDTH, wide), f"{block}.ffn_down.bias": (WIDTH,)}
    return shapes
