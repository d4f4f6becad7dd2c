using TransferLab.Runtime;

namespace TransferLab.Tests.Runtime;

public sealed class WholeReadTests
{
    [Fact]
    public void A_file_that_ends_too_early_is_an_error_and_not_zeros()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, [1, 2, 3, 4]);
            using var file = File.OpenHandle(path);
            byte[] bytes = new byte[3];
            WholeRead.Fill(file, bytes, 1);
            Assert.Equal([2, 3, 4], bytes);
            Assert.Contains("ends 1 bytes before it should", Assert.Throws<EndOfStreamException>(() => WholeRead.Fill(file, bytes, 2)).Message);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
