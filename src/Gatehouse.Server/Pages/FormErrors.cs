namespace Gatehouse.Pages;

/// <param name="Field">The field's name, or empty for the form as a whole.</param>
public sealed record FormError(string Field, string Message);

/// <summary>What is wrong with a form: shown at the fields and in a summary above them.</summary>
public sealed class FormErrors(params IReadOnlyList<FormError> items)
{
    public static FormErrors None { get; } = new();

    public IReadOnlyList<FormError> Items { get; } = items;

    public bool Any => Items.Count > 0;

    /// <summary>The first message for a field, or null.</summary>
    public string? For(string field)
    {
        foreach (var item in Items)
        {
            if (string.Equals(item.Field, field, StringComparison.Ordinal)) return item.Message;
        }
        return null;
    }
}
