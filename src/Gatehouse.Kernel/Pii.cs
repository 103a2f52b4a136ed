namespace Gatehouse.Kernel;

/// <summary>
/// Personal data on its way to a log: prints masked, always. Log methods take <c>Pii</c>, not <c>string</c>, wherever a person could
/// be recognised, so that masking is a matter of type and not of memory.
/// </summary>
public readonly record struct Pii(string? Value)
{
    /// <summary>First character and the domain of an address (<c>a***@example.com</c>); first character of anything else.</summary>
    public override string ToString()
    {
        if (string.IsNullOrEmpty(Value)) return "";
        var at = Value.LastIndexOf('@');
        return at > 0 ? $"{Value[0]}***{Value[at..]}" : $"{Value[0]}***";
    }

    public static implicit operator Pii(string? value) => new(value);
}
