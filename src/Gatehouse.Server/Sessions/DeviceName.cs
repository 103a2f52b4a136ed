namespace Gatehouse.Sessions;

/// <summary>What a <c>User-Agent</c> says of a browser, for a person to recognise it by. A hint, never a proof: anybody may send anything.</summary>
public readonly record struct DeviceName(string Browser, string System, bool IsPhone)
{
    // Order matters: almost every browser claims to be some of those below it.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("YaBrowser", "Yandex"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public bool Known => Browser.Length > 0 && System.Length > 0;

    public static DeviceName Of(string userAgent)
    {
        var system = First(Systems, userAgent);
        return new(First(Browsers, userAgent), system, system == "iPhone" || (system == "Android" && userAgent.Contains("Mobile", StringComparison.Ordinal)));
    }

    private static string First((string Mark, string Name)[] list, string userAgent)
    {
        foreach (var (mark, name) in list)
        {
            if (userAgent.Contains(mark, StringComparison.Ordinal)) return name;
        }
        return "";
    }
}
