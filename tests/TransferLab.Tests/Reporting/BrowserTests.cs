using System.Collections.ObjectModel;
using System.Globalization;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;
using TransferLab.Comparison;
using TransferLab.Reporting;
using Xunit.Abstractions;

namespace TransferLab.Tests.Reporting;

/// <summary>The page in a real browser, where one is installed (packages <c>chromium</c> and <c>chromium-driver</c>, or <c>CHROME_BIN</c>).</summary>
public sealed class BrowserTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(360, "light")]
    [InlineData(360, "dark")]
    public void Page_fits_and_shows_the_figures(int width, string scheme)
    {
        using TemporaryFolder folder = new();
        using ChromeDriver browser = Start(folder);
        ComparisonResults results = SampleResults.Images();
        string page = Path.Combine(folder.Path, "report.html");
        HtmlReport.Write(results, page);
        Emulate(browser, width, scheme);
        browser.Navigate().GoToUrl(new Uri(page).AbsoluteUri);

        Assert.Equal((long)width, browser.ExecuteScript("return innerWidth"));
        Assert.InRange((long)browser.ExecuteScript("return document.documentElement.scrollWidth")!, 1, width);
        Assert.Equal(scheme == "dark", IsDark(browser));
        Assert.Equal(results.Strategies.Select(s => (s.Accuracy.Value * 100).ToString("0.0", CultureInfo.InvariantCulture)),
            Texts(browser, ".summary tbody .accuracy b"));
        Assert.Equal(results.Strategies.Select(s => s.Name), Texts(browser, ".summary tbody th .name"));
        Assert.Equal(results.LearningCurves!.SelectMany(c => c.Points).Select(p => Figures.PercentWithInterval(p.Accuracy)),
            Texts(browser, "#sizes .scroll:nth-of-type(1) tbody td"));
        Assert.Equal(results.Strategies.Select(s => (s.Calibration!.Error * 100).ToString("0.0", CultureInfo.InvariantCulture)),
            Texts(browser, "#calibration tbody td:nth-child(2)"));
        Assert.Equal(results.Strategies.Sum(s => s.Calibration!.Bins.Count), Texts(browser, "#calibration .reliability .mark title").Count());
        Assert.Equal(results.Data.Classes.Count * (results.Strategies.Count + 1), Texts(browser, "#recall tbody td").Count());
        Assert.Contains(SampleResults.Hostile, Texts(browser, ".classes bdi"));
        Assert.Equal(0L, browser.ExecuteScript("return document.scripts.length"));
        Assert.Equal(0L, browser.ExecuteScript("return [...document.images].filter(i => i.naturalWidth === 0).length"));
        Assert.Equal(0L, browser.ExecuteScript("return performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length"));
        Assert.Empty(browser.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message));
    }

    [SkippableFact]
    public void Plots_have_names_and_exactly_one_size_is_shown()
    {
        using TemporaryFolder folder = new();
        using ChromeDriver browser = Start(folder);
        string page = Path.Combine(folder.Path, "report.html");
        HtmlReport.Write(SampleResults.Make([.. Enumerable.Range(0, 77).Select(i => $"a_rather_long_class_name_{i}")], 800, 2, SampleResults.All, isText: true),
            page);
        foreach (int width in (int[])[1280, 360])
        {
            Emulate(browser, width, "light");
            browser.Navigate().GoToUrl(new Uri(page).AbsoluteUri);
            Assert.InRange((long)browser.ExecuteScript("return document.documentElement.scrollWidth")!, 1, width);
            Assert.Equal(4L, browser.ExecuteScript("return [...document.querySelectorAll('figure > div')].filter(d => d.offsetWidth > 0).length"));
            Assert.Equal(0L,
                browser.ExecuteScript(
                    "return [...document.querySelectorAll('svg[role=img]')].filter(s => !s.querySelector('title').textContent || "
                        + "!s.querySelector('desc').textContent).length"));
        }
    }

    [SkippableFact]
    public void Printed_page_fits_an_A4_sheet_between_its_margins()
    {
        using TemporaryFolder folder = new();
        using ChromeDriver browser = Start(folder);
        string page = Path.Combine(folder.Path, "report.html");
        HtmlReport.Write(SampleResults.Images(), page);
        Emulate(browser, 718, "dark", "print");
        browser.Navigate().GoToUrl(new Uri(page).AbsoluteUri);
        Assert.InRange((long)browser.ExecuteScript("return document.documentElement.scrollWidth")!, 1, 718);
        Assert.Equal(0L, browser.ExecuteScript("return [...document.querySelectorAll('.narrow')].filter(d => d.offsetWidth > 0).length"));
    }

    private ChromeDriver Start(TemporaryFolder folder)
    {
        string? browser = Find(Environment.GetEnvironmentVariable("CHROME_BIN"), "/usr/bin/chromium");
        string? driver = Find(Environment.GetEnvironmentVariable("CHROMEDRIVER_BIN"), "/usr/bin/chromedriver");
        if (browser is null || driver is null)
        {
            string reason = "No browser: install chromium and chromium-driver, or set CHROME_BIN and CHROMEDRIVER_BIN.";
            output.WriteLine(reason);
            Skip.If(true, reason);
        }

        ChromeOptions options = new() { BinaryLocation = browser };
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={Path.Combine(folder.Path, "profile")}");
        // Naming the driver keeps Selenium Manager, which would download one, out of it.
        return new ChromeDriver(ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driver), Path.GetFileName(driver)), options);
    }

    private static string? Find(params string?[] places) => places.FirstOrDefault(File.Exists);

    private static void Emulate(ChromeDriver browser, int width, string scheme, string media = "screen")
    {
        browser.ExecuteCdpCommand("Emulation.setDeviceMetricsOverride", new Dictionary<string, object?>
        {
            ["width"] = width,
            ["height"] = 900,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 500,
        });
        browser.ExecuteCdpCommand("Emulation.setEmulatedMedia", new Dictionary<string, object?>
        {
            ["media"] = media,
            ["features"] = new object[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = scheme } },
        });
    }

    private static bool IsDark(ChromeDriver browser)
    {
        string colour = (string)browser.ExecuteScript("return getComputedStyle(document.body).backgroundColor")!;
        return int.Parse(colour.Split('(', ',')[1], CultureInfo.InvariantCulture) < 128;
    }

    private static IEnumerable<string> Texts(ChromeDriver browser, string selector) =>
        ((ReadOnlyCollection<object>)browser.ExecuteScript("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", selector)!)
            .Cast<string>();
}
