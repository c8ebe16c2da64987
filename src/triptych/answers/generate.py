"""VLMs and LLMs of `transformers`, by hub id or folder (section 3.2).

The paper uses InstructBLIP and LLaMA-2-7B; any image-text-to-text model and any causal language model can be used.
Decoding is greedy, so the same question has the same answer. Models with a chat template are prompted through it. On a
GPU, weights are bfloat16, or float16 if the GPU does not support bfloat16, and questions are processed in batches.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image

from triptych.answers.choose import LETTERS, choice_reply
from triptych.answers.provider import Question, Reply
from triptych.hub import checked_source, hub_server, model_identity, pretrained_folder, transformers_library, unusable
from triptych.threads import thread_count, torch_threads

NEW_TOKENS = 256
GPU_BATCH = 8


class Generator(ABC):
    """The base class of both kinds. The model is loaded on first use."""

    ways = frozenset({"generate", "choose"})  # no schema can be enforced
    uses = frozenset[str]()  # only the prompt and the picture
    server = staticmethod(hub_server)
    setting: str  # the key of the configuration that names the model
    example: str  # the paper's choice
    wanted: str  # the required kind of model

    def __init__(self, source: str = "") -> None:
        self.source = checked_source(source, self.setting, self.example)
        self._loading = Lock()
        self._loaded: tuple[Any, Any] | None = None

    @cached_property
    def id(self) -> str:
        """The source, a digest of its files, and how answers are generated."""
        return f"{model_identity(self.source, self._folder)}-greedy-{NEW_TOKENS}"

    @cached_property
    def batch_size(self) -> int:
        """Batches are faster on a GPU only."""
        return GPU_BATCH if _cuda() else 1

    def answer(self, questions: Sequence[Question]) -> Iterable[tuple[int, Reply]]:
        """The answers, as text.

        Raises:
            TriptychError: the model is not available, or is of another kind.
        """
        import torch

        processor, model = self._model()
        inputs = {name: _moved(part, model) for name, part in self._inputs(processor, questions).items()}
        with torch.inference_mode(), torch_threads(thread_count()):
            if questions[0].way == "choose":
                return enumerate(_choices(processor, model, inputs, questions))
            found = model.generate(**inputs, do_sample=False, max_new_tokens=NEW_TOKENS)
        asked = inputs["input_ids"]
        if found.shape[1] >= asked.shape[1] and torch.equal(found[:, : asked.shape[1]], asked):
            found = found[:, asked.shape[1] :]  # a decoder repeats the question; an encoder-decoder does not
        texts = processor.batch_decode(found, skip_special_tokens=True)
        return enumerate(Reply(str(text).strip()) for text in texts)

    @abstractmethod
    def _load(self, folder: Path, dtype: Any) -> tuple[Any, Any]:
        """Processor (or tokenizer) and model."""

    @abstractmethod
    def _inputs(self, processor: Any, questions: Sequence[Question]) -> Any:
        """The model's inputs, padded on the left."""

    @cached_property
    def _folder(self) -> Path:
        return pretrained_folder(self.source, self.setting)

    def _model(self) -> tuple[Any, Any]:
        import torch

        with self._loading:
            if self._loaded is None:
                half = torch.bfloat16 if _cuda() and torch.cuda.is_bf16_supported() else torch.float16
                try:
                    processor, model = self._load(self._folder, half if _cuda() else torch.float32)
                except (OSError, ValueError, KeyError) as error:
                    raise unusable(self.setting, self.source, self.wanted, error) from None
                self._loaded = processor, model.eval().to("cuda" if _cuda() else "cpu")
            return self._loaded


class TransformersLLM(Generator):
    """A causal language model."""

    setting, example, wanted = "answers.llm", "meta-llama/Llama-2-7b-chat-hf", "a causal language model"

    def _load(self, folder: Path, dtype: Any) -> tuple[Any, Any]:
        library = transformers_library()
        tokenizer = library.AutoTokenizer.from_pretrained(folder, local_files_only=True)
        _pads_left(tokenizer)
        return tokenizer, library.AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=dtype
        )

    def _inputs(self, processor: Any, questions: Sequence[Question]) -> Any:
        prompts = [question.prompt for question in questions]
        if not processor.chat_template:
            return processor(prompts, padding=True, return_tensors="pt")
        chats = [[{"role": "user", "content": prompt}] for prompt in prompts]
        return processor.apply_chat_template(
            chats, add_generation_prompt=True, padding=True, return_tensors="pt", return_dict=True
        )


class TransformersVLM(Generator):
    """An image-text-to-text model."""

    setting, example, wanted = "answers.vlm", "Salesforce/instructblip-vicuna-7b", "an image-text-to-text model"

    def _load(self, folder: Path, dtype: Any) -> tuple[Any, Any]:
        library = transformers_library()
        processor = library.AutoProcessor.from_pretrained(folder, local_files_only=True, backend="pil")
        if not hasattr(processor, "tokenizer"):
            raise ValueError("it has no tokenizer")
        _pads_left(processor.tokenizer)
        return processor, library.AutoModelForImageTextToText.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=dtype
        )

    def _inputs(self, processor: Any, questions: Sequence[Question]) -> Any:
        images = [(question.image or Image.new("RGB", (224, 224))).convert("RGB") for question in questions]
        prompts = [question.prompt for question in questions]
        if not getattr(processor, "chat_template", None):
            return processor(images=images, text=prompts, padding=True, return_tensors="pt")
        chats = [
            [{"role": "user", "content": [{"type": "image", "image": image}, {"type": "text", "text": prompt}]}]
            for image, prompt in zip(images, prompts, strict=True)
        ]
        return processor.apply_chat_template(
            chats, add_generation_prompt=True, tokenize=True, padding=True, return_tensors="pt", return_dict=True
        )


def _choices(processor: Any, model: Any, inputs: Any, questions: Sequence[Question]) -> list[Reply]:
    """The replies given by the distributions of the next token, for letters with and without a leading space."""
    tokenizer = getattr(processor, "tokenizer", processor)
    letters = {
        number: bare for token, number in tokenizer.get_vocab().items() if (bare := token.strip("Ġ▁ ")) in LETTERS
    }
    found = model.generate(
        **inputs, do_sample=False, max_new_tokens=1, output_logits=True, return_dict_in_generate=True
    )
    shares = found.logits[0].float().softmax(dim=1)[:, list(letters)].tolist()
    return [
        choice_reply(question.options, zip(letters.values(), row, strict=True))
        for question, row in zip(questions, shares, strict=True)
    ]


def _moved(part: Any, model: Any) -> Any:
    """`part` on the model's device; a floating-point tensor also gets the model's dtype."""
    return part.to(model.device, model.dtype if part.is_floating_point() else part.dtype)


def _pads_left(tokenizer: Any) -> None:
    """Pad prompts on the left, so that answers follow directly; some tokenizers have no padding token."""
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token


def _cuda() -> bool:
    import torch

    return torch.cuda.is_available()
