"""Tiny checkpoints of the paper's models with random weights, in the folders that the hub would bring.

Tokenizers and processors are of the same classes as those of the real models; only sizes and vocabularies are small.
"""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertModel,
    BertTokenizerFast,
    BlipImageProcessorPil,
    ConvNextImageProcessorPil,
    InstructBlipConfig,
    InstructBlipForConditionalGeneration,
    InstructBlipProcessor,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    ResNetConfig,
    ResNetModel,
)

CORPUS = (
    "please comprehensively describe the distribution and shape of the image",
    "the dots are shifted to the right and widely spread out along the horizontal axis 0 1 2 3 4 5 6 7 8 9 . , + - % :",
)
QUERIES = 4


def bert(folder: Path, seed: int = 0, config: BertConfig | None = None) -> Path:
    """A text encoder, like google-bert/bert-base-uncased; tiny, or of the sizes of `config`."""
    tokenizer = _word_pieces()
    tokenizer.save_pretrained(folder)
    _save(lambda: BertModel(config or _bert_config(len(tokenizer))), folder, seed)
    return folder


def resnet(folder: Path, seed: int = 0, config: ResNetConfig | None = None, side: int = 64) -> Path:
    """An image backbone, like microsoft/resnet-50: bottleneck layers, and a processor that resizes and crops."""
    ConvNextImageProcessorPil(size={"shortest_edge": side}, crop_pct=0.875).save_pretrained(folder)
    small = {"embedding_size": 8, "hidden_sizes": [8, 16, 24], "depths": [1, 2, 1], "layer_type": "bottleneck"}
    _save(lambda: ResNetModel(config or ResNetConfig(**small)), folder, seed)
    return folder


def llama(folder: Path, seed: int = 0, *, chat: bool = True) -> Path:
    """A causal language model, like meta-llama/Llama-2-7b-chat-hf: no padding token, and a chat template."""
    tokenizer = _bytes_pairs()
    if chat:
        tokenizer.chat_template = "{{ bos_token }}{% for m in messages %}[INST] {{ m['content'] }} [/INST]{% endfor %}"
    tokenizer.save_pretrained(folder)
    _save(lambda: LlamaForCausalLM(_llama_config(len(tokenizer))), folder, seed)
    return folder


def instructblip(folder: Path, seed: int = 0) -> Path:
    """A vision-language model, like Salesforce/instructblip-vicuna-7b: ViT, Q-Former and LLaMA."""
    tokenizer, words = _bytes_pairs(), _word_pieces()
    tokenizer.pad_token = tokenizer.eos_token
    images = BlipImageProcessorPil(size={"height": 28, "width": 28})
    processor = InstructBlipProcessor(images, tokenizer, words, num_query_tokens=QUERIES)
    processor.save_pretrained(folder)
    small = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = InstructBlipConfig(
        vision_config={**small, "image_size": 28, "patch_size": 14},
        qformer_config={**small, "vocab_size": len(words), "encoder_hidden_size": 16},
        text_config={**_llama_config(len(tokenizer)).to_dict(), "model_type": "llama"},
        num_query_tokens=QUERIES,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )
    _save(lambda: _lively(InstructBlipForConditionalGeneration(config)), folder, seed)
    return folder


def _lively(model: InstructBlipForConditionalGeneration) -> InstructBlipForConditionalGeneration:
    """With greater weights: as they come, they are so near zero that no picture shows in any answer."""
    for name, parameter in model.named_parameters():
        if "norm" not in name.lower():
            torch.nn.init.normal_(parameter, std=0.2 if name.startswith("language_model") else 0.3)
    return model


def _save(build, folder: Path, seed: int) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build()
        model.save_pretrained(folder)


def _bert_config(vocabulary: int) -> BertConfig:
    return BertConfig(
        vocab_size=vocabulary, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48
    )


def _llama_config(vocabulary: int) -> LlamaConfig:
    return LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=4096,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=None,
    )


def _word_pieces() -> BertTokenizerFast:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # type: ignore[call-arg]
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(CORPUS, trainers.WordPieceTrainer(vocab_size=300, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return BertTokenizerFast(tokenizer_object=tokenizer)


def _bytes_pairs() -> PreTrainedTokenizerFast:
    """A byte-pair tokenizer that begins every text with <s>, as LLaMA's does."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=["<s>", "</s>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A", special_tokens=[("<s>", 0)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
