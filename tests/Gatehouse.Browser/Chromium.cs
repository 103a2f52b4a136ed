using Microsoft.Playwright;

namespace Gatehouse.Browser;

/// <summary>
/// Debian's Chromium, one for all tests of this project, driven by Playwright; no browser is ever downloaded. Its build without windows takes
/// two thirds of what the one with them takes, which draws them even where nobody sees them; that one serves where there is no other.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

    private IPlaywright? playwright;

    public IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var program = Programs.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"{Programs[0]} is missing: install Debian's package chromium-headless-shell (./test.sh does).");
        playwright = await Playwright.CreateAsync();
        // The last: no name but this machine's is ever looked up.
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1"],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright?.Dispose();
    }
}

[CollectionDefinition(nameof(Chromium))]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>;
