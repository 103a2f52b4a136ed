namespace Gatehouse.Http;

/// <summary>Text messages.</summary>
public sealed record SmsSettings
{
    /// <summary>
    /// Countries (ISO 3166-1 alpha-2: <c>DE</c>, <c>IR</c>) whose numbers are sent messages, at most 250. Default none: no text message leaves
    /// until the tenant has said whereto, for every country that is open can be made to cost money.
    /// </summary>
    public IReadOnlyList<string> AllowedCountries { get; init; } = [];
    /// <summary>The country whose numbers may be written as they are dialled there (ISO 3166-1 alpha-2); empty, the default: every number is written with its country.</summary>
    public string DefaultCountry { get; init; } = "";
}
