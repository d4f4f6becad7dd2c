using TransferLab.Hub;

namespace TransferLab.Tests.Hub;

public sealed class HubReferenceTests
{
    [Theory]
    [InlineData("hf:klue/bert-base", "klue/bert-base", "main", null)]
    [InlineData("hf:a/b@v1.0", "a/b", "v1.0", null)]
    [InlineData("hf:a/b@refs/pr/12/model.safetensors", "a/b", "refs/pr/12", "model.safetensors")]
    [InlineData("hf:a/b.c_d/onnx/model.onnx", "a/b.c_d", "main", "onnx/model.onnx")]
    [InlineData("hf:a/b@main/x-Q4_1.gguf", "a/b", "main", "x-Q4_1.gguf")]
    public void A_reference_is_read_and_written(string text, string model, string revision, string? file)
    {
        HubReference found = HubReference.Parse(text);
        Assert.Equal((model, revision, file), (found.Model, found.Revision, found.File));
        Assert.Equal(found, HubReference.Parse(found.ToString()));
    }

    [Theory]
    [InlineData("hf:bert-base")]
    [InlineData("hf:a/")]
    [InlineData("hf:/b")]
    [InlineData("hf:../b")]
    [InlineData("hf:a/b@")]
    [InlineData("hf:a/b/")]
    [InlineData("hf:a/b--c")]
    [InlineData("hf:a/b.")]
    [InlineData("hf:a/b@..")]
    [InlineData("hf:a/b@x/../../y")]
    [InlineData("hf:a/b//etc/passwd")]
    [InlineData("hf:a/b/c\\..\\d")]
    [InlineData("hf:a/b/x\ny")]
    [InlineData("hf:a b/c")]
    [InlineData("hf:a/b\n")]
    public void What_is_none_is_refused_in_one_line_that_shows_the_form(string text)
    {
        string message = Assert.Throws<ArgumentException>(() => HubReference.Parse(text)).Message;
        Assert.Contains("hub", message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain((char)10, message);
    }
}
