using TransferLab.Data;

namespace TransferLab.Networks;

/// <summary>
/// How a model was taught to read conversations: a value that writes one as segments, so that ids and what is trained are made together. Nothing
/// is looked for in a text afterwards.
/// </summary>
public abstract record ChatTemplate
{
    private protected ChatTemplate(string name) => Name = name;

    /// <summary>SmolLM and SmolLM2: ChatML with a default system turn.</summary>
    public static ChatTemplate SmolLM2 { get; } =
        new ChatMLTemplate("smollm2") { DefaultSystem = "You are a helpful AI assistant named SmolLM, trained by Hugging Face" };

    /// <summary>Qwen 2: ChatML with a default system turn.</summary>
    public static ChatTemplate Qwen2 { get; } = new ChatMLTemplate("qwen2") { DefaultSystem = "You are a helpful assistant." };

    /// <summary>Qwen 2.5: ChatML with a default system turn and tools.</summary>
    public static ChatTemplate Qwen25 { get; } =
        new ChatMLTemplate("qwen2.5") { DefaultSystem = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.", KnowsTools = true };

    /// <summary>Qwen 3 with thinking off: ChatML with tools; the last answer begins with an empty thought.</summary>
    public static ChatTemplate Qwen3 { get; } = new ChatMLTemplate("qwen3") { KnowsTools = true, EmptyThought = true };

    /// <summary>ChatML without a system turn of its own.</summary>
    public static ChatTemplate ChatML { get; } = new ChatMLTemplate("chatml");

    /// <summary>Llama 3.</summary>
    public static ChatTemplate Llama3 { get; } = new Llama3Template("llama3");

    /// <summary>Llama 3.1, 3.2 and 3.3: a system turn with a date always, and tools. The date is pinned: the same chat gives the same ids every day.</summary>
    public static ChatTemplate Llama31 { get; } = new Llama3Template("llama3.1") { Date = "26 Jul 2024", KnowsTools = true };

    /// <summary>Mistral's instruct models as of version 0.3.</summary>
    public static ChatTemplate Mistral { get; } = new MistralTemplate("mistral");

    /// <summary>Zephyr and TinyLlama.</summary>
    public static ChatTemplate Zephyr { get; } = new ZephyrTemplate("zephyr");

    /// <summary>Every template that is known.</summary>
    public static IReadOnlyList<ChatTemplate> All { get; } = [SmolLM2, Qwen2, Qwen25, Qwen3, ChatML, Llama3, Llama31, Mistral, Zephyr];

    /// <summary>What it is called, such as smollm2.</summary>
    public string Name { get; }

    /// <summary>The system turn that is written where a conversation has none; null where there is no such thing, or none is wanted.</summary>
    public string? DefaultSystem { get; init; }

    /// <summary>The date that is written, pinned; null where none is.</summary>
    public string? Date { get; init; }

    /// <summary>The token that ends an assistant's turn.</summary>
    public abstract string EndOfTurn { get; }

    /// <summary>Whether it can write tools, their calls and their answers.</summary>
    public bool KnowsTools { get; init; }

    /// <summary>The template of a name.</summary>
    /// <exception cref="ChatTemplateException">There is none; the message lists those there are.</exception>
    public static ChatTemplate Named(string name) => All.FirstOrDefault(template => template.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ChatTemplateException($"There is no chat template '{name}'; known are {Names}.");

    /// <summary>The template whose Jinja text this is, by what tells it from others.</summary>
    /// <param name="jinja">The model's own template.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <exception cref="ChatTemplateException">It is none of the known ones.</exception>
    public static ChatTemplate Recognize(string jinja, string origin) => ChatTemplateRecognition.Recognize(jinja, origin);

    /// <summary>
    /// The template of a model's folder: <c>chat_template.jinja</c>, or the one in <c>tokenizer_config.json</c>; null where there is none, as with a model that
    /// was never taught to talk.
    /// </summary>
    /// <exception cref="ChatTemplateException">It is none of the known ones.</exception>
    /// <exception cref="TokenizerException">The files cannot be read.</exception>
    public static ChatTemplate? FromFolder(string folder) => TokenizerFiles.ChatTemplate(folder) is { } jinja ? Recognize(jinja, folder) : null;

    /// <summary>The template of a GGUF file; null where there is none.</summary>
    /// <param name="metadata">The file's metadata by key.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <exception cref="ChatTemplateException">It is none of the known ones.</exception>
    public static ChatTemplate? FromGguf(IReadOnlyDictionary<string, object> metadata, string origin) =>
        metadata.TryGetValue("tokenizer.chat_template", out object? jinja) && jinja is string text ? Recognize(text, origin) : null;

    /// <summary>The conversation in pieces.</summary>
    /// <exception cref="ChatTemplateException">It holds what this template cannot write: tools, or turns in another order.</exception>
    public IReadOnlyList<ChatSegment> Render(Conversation conversation, ChatRendering? rendering = null)
    {
        if (!KnowsTools && (conversation.Tools is not null || conversation.Turns.Any(turn => turn.Role == Role.Tool || turn.ToolCalls.Count > 0)))
        {
            throw Refused(conversation, "it has tools, which this template cannot write");
        }

        rendering ??= ChatRendering.Whole;
        ChatWriter writer = new();
        Write(writer, conversation, new TurnsToTrain(conversation, rendering).Contains, rendering.GenerationHead);
        return writer.Done();
    }

    /// <summary>The conversation as one text. It cannot tell markers from contents that look like them: ids come from <see cref="ChatEncoder"/>.</summary>
    public string RenderText(Conversation conversation, ChatRendering? rendering = null) =>
        string.Concat(Render(conversation, rendering).Select(segment => segment.Text));

    /// <summary>Writes the conversation.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="conversation">What.</param>
    /// <param name="trains">Whether the turn at a place is trained.</param>
    /// <param name="head">Whether the head of an answer comes last.</param>
    internal abstract void Write(ChatWriter writer, Conversation conversation, Func<int, bool> trains, bool head);

    internal static string Names => string.Join(", ", All.Select(template => template.Name));

    private protected ChatTemplateException Refused(Conversation conversation, string why) =>
        new($"A conversation{(conversation.Line > 0 ? $" (line {conversation.Line})" : "")} does not fit the chat template {Name}: {why}.");

    /// <summary>The system turn at the beginning, the developer's being one.</summary>
    private protected static bool IsSystem(Turn turn) => turn.Role is Role.System or Role.Developer;
}
