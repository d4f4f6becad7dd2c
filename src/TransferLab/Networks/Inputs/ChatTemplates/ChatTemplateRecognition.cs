namespace TransferLab.Networks;

/// <summary>Tells templates apart by the texts in their Jinja source. One that says more than a known one does is not taken for it.</summary>
internal static class ChatTemplateRecognition
{
    private static readonly (ChatTemplate Template, string[] Has, string[] Lacks)[] s_known =
    [
        (ChatTemplate.SmolLM2, ["<|im_start|>", "<|im_end|>", "You are a helpful AI assistant named SmolLM, trained by Hugging Face"],
            ["think", "tools", "trim", "vision"]),
        (ChatTemplate.Qwen3, ["<|im_start|>", "<|im_end|>", "enable_thinking", "reasoning_content", "<tool_call>"], ["You are", "vision"]),
        (ChatTemplate.Qwen25,
            ["<|im_start|>", "<|im_end|>", "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.", "<tool_call>", "<tool_response>"],
            ["think", "vision", "trim"]),
        (ChatTemplate.Qwen2, ["<|im_start|>", "<|im_end|>", "You are a helpful assistant.<|im_end|>"], ["Qwen", "think", "vision", "tool", "trim"]),
        (ChatTemplate.ChatML, ["<|im_start|>", "<|im_end|>", "content"],
            ["You are", "think", "vision", "tool", "trim", "strip", "bos_token", "eos_token", "default"]),
        (ChatTemplate.Llama31, ["<|start_header_id|>", "<|eot_id|>", "Cutting Knowledge Date: December 2023", "tools_in_user_message"], ["think"]),
        (ChatTemplate.Llama3, ["<|start_header_id|>", "<|eot_id|>", "trim"], ["Cutting Knowledge", "tool", "think", "You are"]),
        (ChatTemplate.Mistral, ["[INST] ", "[/INST]", "[AVAILABLE_TOOLS] [", "bos_token", "eos_token"], ["[SYSTEM_PROMPT]", " [/INST]", "<<SYS>>"]),
        (ChatTemplate.Zephyr, ["<|user|>", "<|assistant|>", "<|system|>", "eos_token"], ["<|end|>", "tool", "think", "trim", "bos_token"]),
    ];

    private static readonly (string Mark, string Family)[] s_others =
    [
        ("<start_of_turn>", "Gemma"), ("<|end|>", "Phi"), ("<<SYS>>", "Llama 2"), ("<|START_OF_TURN_TOKEN|>", "Command R"), ("<｜User｜>", "DeepSeek"),
        ("<|channel|>", "gpt-oss"), ("[gMASK]", "GLM"),
        ("[SYSTEM_PROMPT]", "Mistral's later models"), ("[INST]", "another Mistral"), ("<|im_start|>", "another ChatML"),
        ("<|start_header_id|>", "another Llama 3"), ("### Instruction", "Alpaca"), ("USER:", "Vicuna"),
    ];

    public static ChatTemplate Recognize(string jinja, string origin)
    {
        foreach ((ChatTemplate template, string[] has, string[] lacks) in s_known)
        {
            if (has.All(Holds) && !lacks.Any(Holds))
            {
                return template;
            }
        }

        string found = s_others.Where(other => Holds(other.Mark)).Select(other => $"it looks like {other.Family}").FirstOrDefault()
            ?? $"it begins '{Beginning(jinja)}'";
        throw new ChatTemplateException(
            $"{origin}: its chat template is none of the known ones ({ChatTemplate.Names}): {found}. Give the one that suits by name, if there is one.");

        bool Holds(string part) => jinja.Contains(part, StringComparison.Ordinal);
    }

    private static string Beginning(string jinja)
    {
        string line = string.Join(' ', jinja.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(12));
        return line.Length <= 60 ? line : line[..60] + "...";
    }
}
