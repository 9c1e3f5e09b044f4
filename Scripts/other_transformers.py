"""Models of Hugging Face that Scripts/other-networks.py writes: how each is made, and how it is called."""

import torch
import transformers

vocabulary = 120
common = dict(hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=68, vocab_size=vocabulary)
special = dict(pad_token_id=0, bos_token_id=1, eos_token_id=2)


def of_hugging_face(model, configuration, **settings):
    make = getattr(transformers, model)
    settings = dict(settings, attn_implementation=settings.get("attn_implementation", "sdpa"))
    return lambda: make(getattr(transformers, configuration)(**settings))


def logits(model, x):
    return model(input_ids=x, attention_mask=torch.ones_like(x)).logits


def causal(model, x):
    return model(input_ids=x, attention_mask=torch.ones_like(x), use_cache=False).logits


def translation(model, x, y):
    return model(input_ids=x, decoder_input_ids=y, use_cache=False).logits


encoder = dict(common, max_position_embeddings=32, num_labels=7, **special)
decoder = dict(common, max_position_embeddings=32, **special)
pairs = dict(
    **dict(d_model=48, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=3),
    **dict(encoder_ffn_dim=68, decoder_ffn_dim=76, vocab_size=vocabulary, max_position_embeddings=32),
    **dict(special, decoder_start_token_id=2, forced_eos_token_id=None),
)
hugging_face = {
    "t5": of_hugging_face(
        *["T5ForConditionalGeneration", "T5Config"],
        **dict(d_model=48, d_kv=10, d_ff=68, num_layers=2, num_heads=4, vocab_size=vocabulary, decoder_start_token_id=0),
        attn_implementation="eager",
    ),
    "bart": of_hugging_face("BartForConditionalGeneration", "BartConfig", **pairs),
    "distilbert": of_hugging_face(
        *["DistilBertForSequenceClassification", "DistilBertConfig"],
        **dict(dim=48, n_layers=2, n_heads=4, hidden_dim=68, vocab_size=vocabulary, max_position_embeddings=32),
    ),
    "roberta": of_hugging_face("RobertaForMaskedLM", "RobertaConfig", **encoder),
    "albert": of_hugging_face(
        "AlbertForSequenceClassification", "AlbertConfig", **dict(encoder, embedding_size=20, num_hidden_layers=3)
    ),
    "deberta": of_hugging_face(
        *["DebertaV2ForSequenceClassification", "DebertaV2Config"],
        **dict(encoder, relative_attention=True, pos_att_type=["p2c", "c2p"], max_relative_positions=16),
        attn_implementation="eager",
    ),
    "gpt_neox": of_hugging_face(
        "GPTNeoXForCausalLM", "GPTNeoXConfig", **decoder, rope_parameters=dict(
            rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.5)
    ),
    "bloom": of_hugging_face(
        *["BloomForCausalLM", "BloomConfig"],
        **dict(hidden_size=48, n_layer=2, n_head=4, vocab_size=vocabulary, **special),
        attn_implementation="eager",
    ),
    "opt": of_hugging_face(
        *["OPTForCausalLM", "OPTConfig"],
        **dict(hidden_size=48, num_hidden_layers=2, num_attention_heads=4, ffn_dim=68, word_embed_proj_dim=48),
        **dict(vocab_size=vocabulary, max_position_embeddings=32, **special),
    ),
    "falcon": of_hugging_face(
        *["FalconForCausalLM", "FalconConfig"],
        **dict(common, multi_query=True, new_decoder_architecture=False, ffn_hidden_size=68, **special),
    ),
    "qwen3": of_hugging_face("Qwen3ForCausalLM", "Qwen3Config", **decoder, num_key_value_heads=2, head_dim=14),
    "gemma2": of_hugging_face(
        *["Gemma2ForCausalLM", "Gemma2Config"],
        **decoder, num_key_value_heads=2, head_dim=14, query_pre_attn_scalar=14, sliding_window=8,
        attn_implementation="eager",
    ),
    "mixtral": of_hugging_face(
        *["MixtralForCausalLM", "MixtralConfig"],
        **decoder, num_key_value_heads=2, num_local_experts=4, num_experts_per_tok=2, experts_implementation="batched_mm",
    ),
    "mamba": of_hugging_face(
        *["MambaForCausalLM", "MambaConfig"],
        **dict(hidden_size=24, num_hidden_layers=2, state_size=6, vocab_size=vocabulary, time_step_rank=5, **special),
        attn_implementation="eager",
    ),
    "whisper": of_hugging_face(
        *["WhisperForConditionalGeneration", "WhisperConfig"],
        **dict(pairs, num_mel_bins=8, max_source_positions=16, max_target_positions=32, decoder_attention_heads=4),
    ),
    "wav2vec2": of_hugging_face(
        *["Wav2Vec2ForCTC", "Wav2Vec2Config"],
        **dict(encoder, vocab_size=20, conv_dim=(16, 20), conv_stride=(4, 2), conv_kernel=(8, 3)),
        **dict(num_feat_extract_layers=2, num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=4),
    ),
    "clip": of_hugging_face(
        *["CLIPModel", "CLIPConfig"],
        text_config=dict(common, max_position_embeddings=16, projection_dim=20, **special),
        vision_config=dict(
            **dict(hidden_size=36, num_hidden_layers=2, num_attention_heads=3, intermediate_size=52),
            **dict(image_size=32, patch_size=8, projection_dim=20),
        ),
        projection_dim=20,
    ),
}
