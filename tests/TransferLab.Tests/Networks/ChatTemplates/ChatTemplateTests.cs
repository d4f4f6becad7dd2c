using TransferLab.Data;
using TransferLab.Networks;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Networks.ChatTemplates;

public class ChatTemplateTests
{
    private const string ChatML =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}";

    [Fact]
    public void Writes_to_the_letter_what_the_models_own_templates_write()
    {
        Assert.Equal(8, RenderedChats.All.Select(one => one.Template).Distinct().Count());
        Assert.All(RenderedChats.All, one =>
            Assert.Equal((one.Template, one.Title, one.Text),
                (one.Template, one.Title, ChatTemplate.Named(one.Template).RenderText(one.Conversation, new() { GenerationHead = one.Head }))));
    }

    [Fact]
    public void Qwen3_thinks_nothing_before_its_last_answer_and_in_the_head()
    {
        Conversation chat = new([new(Role.User, "a"), new(Role.Assistant, "b"), new(Role.User, "c"), new(Role.Assistant, "d")]);
        Assert.Equal(
            "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\nd<|im_end|>\n",
            ChatTemplate.Qwen3.RenderText(chat));
        Assert.EndsWith("assistant\n<think>\n\n</think>\n\n", ChatTemplate.Qwen3.RenderText(new([new(Role.User, "a")]), ChatRendering.Prompt),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Mistral_keeps_the_system_where_the_prompt_has_it()
    {
        Turn[] turns = [new(Role.System, "s"), new(Role.User, "a"), new(Role.Assistant, "b"), new(Role.User, "c"), new(Role.Assistant, "d")];
        Assert.Equal("<s>[INST] a[/INST] b</s>[INST] s\n\nc[/INST] d</s>", ChatTemplate.Mistral.RenderText(new(turns)));
        Assert.Equal("<s>[INST] a[/INST] b</s>[INST] s\n\nc[/INST]", ChatTemplate.Mistral.RenderText(new(turns[..4]), ChatRendering.Prompt));
    }

    [Fact]
    public void The_default_system_turn_and_the_date_can_be_set()
    {
        Conversation chat = new([new(Role.Developer, "d"), new(Role.User, "a")]), bare = new([new(Role.User, "a")]);
        Assert.StartsWith("<|im_start|>system\nd<|im_end|>", ChatTemplate.SmolLM2.RenderText(chat), StringComparison.Ordinal);
        Assert.StartsWith("<|im_start|>user", (ChatTemplate.SmolLM2 with { DefaultSystem = null }).RenderText(bare), StringComparison.Ordinal);
        Assert.StartsWith("<|system|>\nx</s>\n<|user|>", (ChatTemplate.Zephyr with { DefaultSystem = "x" }).RenderText(bare), StringComparison.Ordinal);
        Assert.Contains("Today Date: 01 Jan 2025\n\n<|eot_id|>", (ChatTemplate.Llama31 with { Date = "01 Jan 2025" }).RenderText(bare),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_template_cannot_write_is_refused_with_its_line()
    {
        Turn call = new(Role.Assistant, "") { ToolCalls = [new("f", "{}"), new("g", "{}")] };
        (ChatTemplate Template, Conversation Chat, string Said)[] refused =
        [
            (ChatTemplate.SmolLM2, new([new(Role.User, "a")]) { Tools = "[]", Line = 7 }, "(line 7) does not fit the chat template smollm2: it has tools"),
            (ChatTemplate.Llama3, new([new(Role.Tool, "a")]), "it has tools"),
            (ChatTemplate.Llama31, new([new(Role.User, "a"), call]), "several tools"),
            (ChatTemplate.Llama31, new([new(Role.Assistant, "a")]) { Tools = "[]" }, "the first turn is another's"),
            (ChatTemplate.Mistral, new([new(Role.User, "a"), new(Role.User, "b")]) { Line = 3 }, "(line 3) does not fit the chat template mistral: after"),
            (ChatTemplate.Mistral, new([new(Role.Assistant, "a")]), "alternate"),
        ];
        Assert.All(refused, one =>
            Assert.Contains(one.Said, Assert.Throws<ChatTemplateException>(() => one.Template.Render(one.Chat)).Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("smollm2",
        "{% if loop.first %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{ content "
            + "}}")]
    [InlineData("qwen2", "{{ '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n' }}{{ message['content'] }}")]
    [InlineData("qwen2.5",
        "{{- '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\\n' }}<tool_call><tool_response>")]
    [InlineData("qwen3", "{{- '<|im_start|>' }}<|im_end|>{%- if enable_thinking is defined %}<tool_call>{{ message.reasoning_content }}")]
    [InlineData("chatml", ChatML)]
    [InlineData("llama3", "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}")]
    [InlineData("llama3.1",
        "{%- set tools_in_user_message = true %}{{- \"<|start_header_id|>system<|end_header_id|>\\n\\nCutting Knowledge Date: December 2023\\n\" }}<|eot_id|>")]
    [InlineData("mistral",
        "{{- bos_token }}{{- \"[AVAILABLE_TOOLS] [\" }}{{- \"[INST] \" + message[\"content\"] + \"[/INST]\" }}{{- \" \" + message[\"content\"]|trim + "
            + "eos_token}}")]
    [InlineData("zephyr", "{{ '<|user|>\n' + message['content'] + eos_token }}{{ '<|system|>\n' }}{{ '<|assistant|>' }}")]
    public void Is_recognised_by_what_tells_it_from_others(string name, string jinja) =>
        Assert.Same(ChatTemplate.Named(name), ChatTemplate.Recognize(jinja, "x"));

    [Theory]
    [InlineData("{{ '<start_of_turn>' + role }}", "Gemma")]
    [InlineData("{{ '[INST] ' + message['content'] + ' [/INST]' }}{{ bos_token }}{{ eos_token }}", "another Mistral")]
    [InlineData("{{'<|im_start|>' + message['content'] | trim + '<|im_end|>'}}", "another ChatML")]
    [InlineData("You are a helpful AI assistant named SmolLM, trained by Hugging Face. <|im_start|><|im_end|> /no_think", "another ChatML")]
    [InlineData("{{ '<|user|>' + message['content'] + '<|end|>' }}", "Phi")]
    [InlineData("{% for m in messages %}\n{{ m }}\n{% endfor %}", "begins '{% for m in messages %} {{ m }} {% endfor %}'")]
    public void Another_is_refused_in_one_line_that_names_it(string jinja, string said)
    {
        string message = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Recognize(jinja, "models/x.gguf")).Message;
        Assert.StartsWith("models/x.gguf: ", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Comes_from_a_folder_s_files_or_a_GGUF_s_metadata()
    {
        using TemporaryFolder folder = new();
        Assert.Null(ChatTemplate.FromFolder(folder.Path));
        string config = Path.Combine(folder.Path, "tokenizer_config.json"), quoted = System.Text.Json.JsonSerializer.Serialize(ChatML);
        File.WriteAllText(config, $$"""{"chat_template":{{quoted}}}""");
        Assert.Same(ChatTemplate.ChatML, ChatTemplate.FromFolder(folder.Path));
        File.WriteAllText(config, $$"""{"chat_template":[{"name":"rag","template":"x"},{"name":"default","template":{{quoted}}}]}""");
        Assert.Same(ChatTemplate.ChatML, ChatTemplate.FromFolder(folder.Path));
        File.WriteAllText(Path.Combine(folder.Path, "chat_template.jinja"), "<start_of_turn>");
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.FromFolder(folder.Path));

        Assert.Same(ChatTemplate.ChatML, ChatTemplate.FromGguf(new Dictionary<string, object> { ["tokenizer.chat_template"] = ChatML }, "x.gguf"));
        Assert.Null(ChatTemplate.FromGguf(new Dictionary<string, object>(), "x.gguf"));
        Assert.Contains("known are smollm2", Assert.Throws<ChatTemplateException>(() => ChatTemplate.Named("x")).Message, StringComparison.Ordinal);
    }
}
