using TransferLab.Networks;
using TransferLab.Tests.Reporting;

namespace TransferLab.Tests.Networks.Published;

public sealed class PublishedLicenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("README.md", "---\nlicense: apache-2.0\n---\n", "apache-2.0")]
    [InlineData("README.md", "---\nlanguage: en\nlicense: other\nlicense_name: llama3.2\n---\n", "llama3.2")]
    [InlineData("README.md", "---\nlicense: \"mit\"\n---\n", "mit")]
    [InlineData("README.md", "---\nlicense:\n- cc-by-sa-3.0\n- gpl\ntags: x\n---\n", "cc-by-sa-3.0, gpl")]
    [InlineData("README.md", "# No front matter\nlicense: mit\n", "not stated")]
    [InlineData("README.md", "---\ntags: x\n---\nlicense: mit\n", "not stated")]
    [InlineData("LICENSE", "                                 Apache License\n                           Version 2.0", "Apache-2.0")]
    [InlineData("LICENSE", "Copyright (c) X\n\nPermission is hereby granted, free of charge, to any", "MIT")]
    [InlineData("LICENSE", "Redistribution and use in source and binary forms, with or without", "BSD-2-Clause")]
    [InlineData("LICENSE", "For research\nonly", "For research only")]
    [InlineData("other", "MIT", "not stated")]
    public void A_licence_is_what_the_folder_states(string file, string text, string licence)
    {
        File.WriteAllText(Path.Combine(_folder.Path, file), text);
        Assert.Equal(licence, PublishedLicence.Of(_folder.Path));
    }

    [Theory]
    [InlineData("cc-by-nc-4.0", true)]
    [InlineData("CC BY-NC-SA 4.0", true)]
    [InlineData("for non-commercial research", true)]
    [InlineData("Research only", true)]
    [InlineData("apache-2.0", false)]
    [InlineData("cc-by-sa-4.0", false)]
    [InlineData("not stated", false)]
    public void Licences_that_forbid_commercial_use_are_known_by_name(string licence, bool forbids) =>
        Assert.Equal(forbids, PublishedLicence.ForbidsCommercialUse(licence));
}
