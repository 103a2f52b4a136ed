using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.Pages;

/// <summary>A form that was read whole, whose values are single and clean, and that came from a page of ours.</summary>
public sealed class PageForm
{
    private readonly IFormCollection fields;

    internal PageForm(IFormCollection fields) => this.fields = fields;

    /// <summary>The field's value as sent; empty when absent.</summary>
    public string this[string name] => fields[name].ToString();

    /// <summary>The values of a field that was declared as repeatable, such as a list of checkboxes.</summary>
    public IReadOnlyList<string> All(string name) => fields[name].ToArray()!;

    public bool Has(string name) => fields.ContainsKey(name);
}

/// <summary>Reads the forms of our pages. Handlers begin with <see cref="ReadAsync"/> and return its refusal unchanged.</summary>
public sealed class Forms(Antiforgery antiforgery)
{
    /// <summary>A form of ours has a handful of short fields; the body itself is bounded by the server.</summary>
    private static readonly FormOptions Limits = new() { ValueCountLimit = 128, KeyLengthLimit = 128, ValueLengthLimit = 16 * 1024 };

    /// <param name="tenant">Null during first-run set-up, where the set-up link's secret stands in for the token.</param>
    /// <param name="repeatable">Fields that may come more than once.</param>
    /// <returns>The form, or a friendly page: 400 <c>form_invalid</c>, <c>form_expired</c>; 413 <c>form_too_large</c>; 415 <c>form_invalid</c>.</returns>
    public async ValueTask<Result<PageForm, PageResult>> ReadAsync(HttpContext http, TenantContext? tenant, CancellationToken ct, string[]? repeatable = null)
    {
        var request = http.Request;
        if (!string.Equals(request.ContentType?.Split(';')[0].Trim(), "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return Refuse(415, "form_invalid");

        IFormCollection fields;
        try
        {
            fields = await request.ReadFormAsync(Limits, ct);
        }
        catch (InvalidDataException)                         // too many or too long fields
        {
            return Refuse(400, "form_invalid");
        }
        catch (BadHttpRequestException exception)            // Kestrel's own limits; a body cut short
        {
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refuse(413, "form_too_large") : Refuse(400, "form_invalid");
        }

        foreach (var (name, values) in fields)
        {
            if (values.Count > 1 && !(repeatable ?? []).Contains(name, StringComparer.Ordinal)) return Refuse(400, "form_invalid");
            foreach (var value in values)
            {
                if (!IsClean(value)) return Refuse(400, "form_invalid");
            }
        }

        var fromUs = tenant is null ? Antiforgery.FromOurselves(http, null) : await antiforgery.VerifyAsync(http, tenant, fields[Antiforgery.Field], ct);
        return fromUs ? new PageForm(fields) : Refuse(400, "form_expired");
    }

    /// <summary>NUL cannot be stored; U+FFFD stands for bytes that were not UTF-8, so what was typed is not what we would read.</summary>
    private static bool IsClean(string? value) => value is null || value.AsSpan().IndexOfAny('\0', '\uFFFD') < 0;

    private static PageResult Refuse(int status, string code) =>
        PageResult.Of<ErrorPage, ErrorModel>(new(code), new PageOptions(Status: status));
}
