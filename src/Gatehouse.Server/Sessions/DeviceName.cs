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

    /// <summary>Every value of <see cref="Platform"/>.</summary>
    public static IReadOnlyList<string> Platforms { get; } = ["ios", "android", "windows", "macos", "linux", "other"];

    /// <summary>What kind of system it says it runs; an iPad that asks for pages as a Mac does is taken for one.</summary>
    public string Platform => System switch
    {
        "iPhone" or "iPad" => "ios",
        "Android" => "android",
        "Windows" => "windows",
        "macOS" => "macos",
        "Linux" => "linux",
        _ => "other",
    };

    public bool Known => Browser.Length > 0 && System.Length > 0;

    /// <summary>For a message: our own words and never the header's, which whoever sends it chooses and would be writing to somebody.</summary>
    public string Words => Known ? $"{Browser}, {System}" : Browser.Length + System.Length > 0 ? Browser + System : "?";

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
