using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Pages;

/// <summary>A form that was read whole, whose fields are single, and that came from a page of ours.</summary>
public sealed class PageForm
{
    private readonly FormValues fields;

    internal PageForm(FormValues fields) => this.fields = fields;

    /// <summary>The field's value as sent; empty when absent.</summary>
    public string this[string name] => fields[name] ?? "";

    /// <summary>The values of a field that was declared as repeatable, such as a list of checkboxes.</summary>
    public IReadOnlyList<string> All(string name) => fields.All(name);

    public bool Has(string name) => fields.Contains(name);
}

/// <summary>Reads the forms of our pages. Handlers begin with <see cref="ReadAsync"/> and return its refusal unchanged.</summary>
public sealed class Forms(Antiforgery antiforgery)
{
    /// <param name="tenant">Null during first-run set-up, where the set-up link's secret stands in for the token.</param>
    /// <param name="repeatable">Fields that may come more than once.</param>
    /// <returns>The form, or a friendly page: 400 <c>form_invalid</c>, <c>form_expired</c>; 413 <c>form_too_large</c>; 415 <c>form_invalid</c>.</returns>
    public async ValueTask<Result<PageForm, PageResult>> ReadAsync(HttpContext http, TenantContext? tenant, CancellationToken ct, string[]? repeatable = null)
    {
        if (!(await FormReader.ReadAsync(http, ct)).TryGet(out var fields, out var problem))
            return ErrorResult.Of(problem.Status, problem.Status == StatusCodes.Status413PayloadTooLarge ? "form_too_large" : "form_invalid");
        if (fields.FirstDuplicate(repeatable ?? []) is not null) return ErrorResult.Of(StatusCodes.Status400BadRequest, "form_invalid");
        foreach (var (_, value) in fields.Fields)
        {
            // NUL can neither be stored nor meant.
            if (value.Contains('\0')) return ErrorResult.Of(StatusCodes.Status400BadRequest, "form_invalid");
        }
        var fromUs = tenant is null ? Antiforgery.FromOurselves(http, null) : await antiforgery.VerifyAsync(http, tenant, fields[Antiforgery.Field], ct);
        return fromUs ? new PageForm(fields) : ErrorResult.Of(StatusCodes.Status400BadRequest, "form_expired");
    }
}
