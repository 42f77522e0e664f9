"""config.json of every model, with the published key names of its model_type."""

from typing import Any

Config = dict[str, Any]

HIDDEN = 128
# Versions of the library with which the published models of these kinds were saved.
CURRENT_TRANSFORMERS = "4.57.1"


def _common(architecture: str, model_type: str, **keys: Any) -> Config:
    return {
        "architectures": [architecture],
        "model_type": model_type,
        "attention_dropout": 0.0,
        "hidden_act": "silu",
        "hidden_size": HIDDEN,
        "initializer_range": 0.02,
        "max_position_embeddings": 512,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "torch_dtype": "bfloat16",
        "tie_word_embeddings": False,
        "use_cache": True,
        "vocab_size": 512,
        **keys,
    }


def glm4_moe(**changes: Any) -> Config:
    config = _common(
        "Glm4MoeForCausalLM",
        "glm4_moe",
        attention_bias=True,
        eos_token_id=[506, 510],
        first_k_dense_replace=1,
        head_dim=16,
        intermediate_size=96,
        moe_intermediate_size=16,
        n_group=1,
        n_routed_experts=8,
        n_shared_experts=1,
        norm_topk_prob=True,
        num_attention_heads=12,
        num_experts_per_tok=2,
        num_hidden_layers=5,
        num_nextn_predict_layers=1,
        pad_token_id=506,
        partial_rotary_factor=0.5,
        rms_norm_eps=1e-5,
        rope_scaling=None,
        rope_theta=1000000,
        routed_scaling_factor=1.0,
        topk_group=1,
        transformers_version="4.54.0",
        use_qk_norm=False,
    )
    return {**config, **changes}


def vae_moe() -> Config:
    """R1's architecture under a name that no library knows."""
    kept = (
        "attention_bias hidden_size num_hidden_layers num_attention_heads num_key_value_heads head_dim "
        "intermediate_size moe_intermediate_size n_routed_experts n_shared_experts num_experts_per_tok "
        "first_k_dense_replace n_group topk_group norm_topk_prob routed_scaling_factor rms_norm_eps rope_theta "
        "partial_rotary_factor vocab_size hidden_act initializer_range max_position_embeddings "
        "tie_word_embeddings torch_dtype use_cache"
    )
    source = glm4_moe()
    return {
        "architectures": ["VaeMoeForCausalLM"],
        "model_type": "vae_moe",
        "auto_map": {
            "AutoConfig": "configuration_vae_moe.VaeMoeConfig",
            "AutoModelForCausalLM": "modeling_vae_moe.VaeMoeForCausalLM",
        },
        **{key: source[key] for key in kept.split()},
        "bos_token_id": 506,
        "eos_token_id": 506,
        "pad_token_id": 506,
        "transformers_version": CURRENT_TRANSFORMERS,
    }


def solar_open() -> Config:
    return _common(
        "SolarOpenForCausalLM",
        "solar_open",
        attention_bias=False,
        bos_token_id=0,
        eos_token_id=1,
        head_dim=16,
        moe_intermediate_size=16,
        n_group=1,
        n_routed_experts=8,
        n_shared_experts=1,
        norm_topk_prob=True,
        num_experts_per_tok=2,
        num_hidden_layers=6,
        pad_token_id=1,
        rms_norm_eps=1e-5,
        rope_scaling=None,
        rope_theta=1000000,
        routed_scaling_factor=1.0,
        topk_group=1,
        transformers_version=CURRENT_TRANSFORMERS,
    )


def phimoe() -> Config:
    return _common(
        "PhimoeForCausalLM",
        "phimoe",
        attention_bias=True,
        bos_token_id=1,
        eos_token_id=2,
        input_jitter_noise=0.0,
        intermediate_size=16,
        lm_head_bias=True,
        num_experts_per_tok=2,
        num_hidden_layers=4,
        num_local_experts=8,
        output_router_logits=False,
        pad_token_id=2,
        rms_norm_eps=1e-5,
        rope_theta=10000.0,
        router_aux_loss_coef=0.001,
        router_jitter_noise=0.01,
        sliding_window=None,
        transformers_version="4.45.0",
    )


def mixtral() -> Config:
    return _common(
        "MixtralForCausalLM",
        "mixtral",
        bos_token_id=1,
        eos_token_id=2,
        intermediate_size=16,
        num_experts_per_tok=2,
        num_hidden_layers=4,
        num_local_experts=8,
        output_router_logits=False,
        rms_norm_eps=1e-5,
        rope_theta=1000000.0,
        router_aux_loss_coef=0.02,
        sliding_window=None,
        transformers_version="4.36.0",
    )


def deepseek_v3(**changes: Any) -> Config:
    config = _common(
        "DeepseekV3ForCausalLM",
        "deepseek_v3",
        attention_bias=False,
        bos_token_id=0,
        eos_token_id=1,
        first_k_dense_replace=1,
        intermediate_size=96,
        kv_lora_rank=32,
        moe_intermediate_size=16,
        n_group=2,
        n_routed_experts=8,
        n_shared_experts=1,
        norm_topk_prob=True,
        num_experts_per_tok=2,
        num_hidden_layers=4,
        num_key_value_heads=8,
        q_lora_rank=48,
        qk_nope_head_dim=16,
        qk_rope_head_dim=8,
        rms_norm_eps=1e-6,
        rope_theta=10000,
        routed_scaling_factor=2.5,
        topk_group=1,
        transformers_version="4.33.1",
        v_head_dim=16,
    )
    return {**config, **changes}


def axk1() -> Config:
    return deepseek_v3(
        architectures=["AXK1ForCausalLM"],
        model_type="axk1",
        bos_token_id=509,
        eos_token_id=509,
        transformers_version=CURRENT_TRANSFORMERS,
    )


def llama(**changes: Any) -> Config:
    config = _common(
        "LlamaForCausalLM",
        "llama",
        attention_bias=False,
        bos_token_id=510,
        eos_token_id=511,
        head_dim=16,
        intermediate_size=96,
        mlp_bias=False,
        num_hidden_layers=4,
        rms_norm_eps=1e-5,
        rope_scaling=None,
        rope_theta=500000.0,
        tie_word_embeddings=True,
        transformers_version="4.43.0",
    )
    return {**config, **changes}


def exaone_moe(**changes: Any) -> Config:
    config = _common(
        "ExaoneMoEForCausalLM",
        "exaone_moe",
        bos_token_id=0,
        eos_token_id=2,
        first_k_dense_replace=1,
        head_dim=16,
        hidden_size=96,
        intermediate_size=96,
        moe_intermediate_size=16,
        n_group=1,
        norm_topk_prob=True,
        num_experts=8,
        num_experts_per_tok=2,
        num_hidden_layers=4,
        num_nextn_predict_layers=1,
        num_shared_experts=1,
        pad_token_id=1,
        rms_norm_eps=1e-5,
        rope_theta=1000000,
        routed_scaling_factor=2.5,
        sliding_window=32,
        sliding_window_pattern="LLLG",
        topk_group=1,
        transformers_version=CURRENT_TRANSFORMERS,
        vocab_size=640,
    )
    config.update(changes)
    kinds = ["sliding_attention"] * 3 + ["full_attention"]
    config["layer_types"] = [kinds[layer % 4] for layer in range(config["num_hidden_layers"])]
    return config


QWEN_VISION: Config = {
    "depth": 4,
    "fullatt_block_indexes": [1, 3],
    "hidden_act": "silu",
    "hidden_size": 64,
    "in_chans": 3,
    "intermediate_size": 128,
    "num_heads": 4,
    "out_hidden_size": HIDDEN,
    "patch_size": 8,
    "spatial_merge_size": 2,
    "spatial_patch_size": 8,
    "temporal_patch_size": 2,
    "tokens_per_second": 2,
    "window_size": 32,
}


def qwen2_5_vl() -> Config:
    return _common(
        "Qwen2_5_VLForConditionalGeneration",
        "qwen2_5_vl",
        bos_token_id=634,
        eos_token_id=636,
        image_token_id=639,
        intermediate_size=96,
        max_window_layers=2,
        num_hidden_layers=2,
        rms_norm_eps=1e-6,
        rope_scaling={"type": "mrope", "mrope_section": [2, 3, 3]},
        rope_theta=1000000.0,
        sliding_window=512,
        tie_word_embeddings=True,
        transformers_version="4.41.2",
        use_sliding_window=False,
        video_token_id=639,
        vision_config=QWEN_VISION,
        vision_end_token_id=638,
        vision_start_token_id=637,
        vision_token_id=639,
        vocab_size=640,
    )


def qwen2_text() -> Config:
    """R4's text tower on its own: with equal position ids on all axes, its mrope is plain RoPE."""
    kept = (
        "attention_dropout hidden_act hidden_size initializer_range intermediate_size max_position_embeddings "
        "num_attention_heads num_hidden_layers num_key_value_heads rms_norm_eps rope_theta tie_word_embeddings "
        "use_cache vocab_size"
    )
    source = qwen2_5_vl()
    return {"model_type": "qwen2", **{key: source[key] for key in kept.split()}}


def hyperclovax_text() -> Config:
    return llama(
        bos_token_id=636,
        eos_token_id=638,
        num_hidden_layers=3,
        rope_theta=50000000.0,
        tie_word_embeddings=False,
        vocab_size=640,
    )


def hyperclovax_vlm() -> Config:
    text = {key: value for key, value in hyperclovax_text().items() if key != "architectures"}
    return {
        "architectures": ["HCXVisionV2ForCausalLM"],
        "model_type": "hyperclovax_vlm",
        "bos_token_id": 636,
        "eos_token_id": 638,
        "hidden_size": HIDDEN,
        "image_token_id": 639,
        "max_position_embeddings": 512,
        "mm_projector_type": "linear",
        "num_hidden_layers": 3,
        "text_config": {**text, "model_type": "hyperclovax"},
        "tie_word_embeddings": False,
        "torch_dtype": "bfloat16",
        "transformers_version": CURRENT_TRANSFORMERS,
        "vision_config": {**QWEN_VISION, "model_type": "qwen2_5_vl"},
        "vision_input_chunk_size": None,
        "vocab_size": 640,
    }
