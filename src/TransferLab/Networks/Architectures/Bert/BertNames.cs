namespace TransferLab.Networks.Architectures;

/// <summary>The names under which BERT's family is published, as BERT's.</summary>
internal static class BertNames
{
    private static readonly string[] s_prefixes = ["module.", "bert.", "roberta.", "electra.", "distilbert.", "mpnet.", "camembert."];

    /// <summary>Parts of names by family; each occurs in one family alone.</summary>
    private static readonly (string Published, string Own)[] s_parts =
    [
        (".attention.q_lin.", ".attention.self.query."), (".attention.k_lin.", ".attention.self.key."), (".attention.v_lin.", ".attention.self.value."),
        (".attention.out_lin.", ".attention.output.dense."), (".sa_layer_norm.", ".attention.output.LayerNorm."),
        (".ffn.lin1.", ".intermediate.dense."), (".ffn.lin2.", ".output.dense."), (".output_layer_norm.", ".output.LayerNorm."),
        (".attention.attn.q.", ".attention.self.query."), (".attention.attn.k.", ".attention.self.key."), (".attention.attn.v.", ".attention.self.value."),
        (".attention.attn.o.", ".attention.output.dense."), (".attention.LayerNorm.", ".attention.output.LayerNorm."),
    ];

    /// <summary>The ends of names in old files.</summary>
    private static readonly (string Published, string Own)[] s_ends = [(".LayerNorm.gamma", ".LayerNorm.weight"), (".LayerNorm.beta", ".LayerNorm.bias")];

    /// <summary>The network's name of a published tensor; null for heads, poolers and buffers, which it has not.</summary>
    public static string? Of(string published)
    {
        string name = published;
        foreach (string prefix in s_prefixes)
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        }

        name = name.StartsWith("transformer.", StringComparison.Ordinal) ? "encoder." + name["transformer.".Length..] : name;
        bool isOwn = name.StartsWith("embeddings.", StringComparison.Ordinal) || name.StartsWith("embeddings_project.", StringComparison.Ordinal)
            || name.StartsWith("encoder.", StringComparison.Ordinal);
        if (!isOwn || name is "embeddings.position_ids" or "embeddings.token_type_ids")
        {
            return null;
        }

        name = s_parts.Aggregate(name, (text, pair) => text.Replace(pair.Published, pair.Own, StringComparison.Ordinal));
        return s_ends.Aggregate(name, (text, pair) => text.EndsWith(pair.Published, StringComparison.Ordinal)
            ? text[..^pair.Published.Length] + pair.Own
            : text);
    }
}
