using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Pages;

/// <summary>Answers with a page: one Razor component, rendered once to HTML, with the headers of every page.</summary>
/// <example><c>return PageResult.Of&lt;ConsentPage, ConsentModel&gt;(new ConsentModel(…), new PageOptions(Interaction: id));</c></example>
public sealed class PageResult : IResult
{
    private readonly RenderFragment content;
    private readonly PageOptions options;

    private PageResult(RenderFragment content, PageOptions options) => (this.content, this.options) = (content, options);

    public int Status => options.Status;

    public static PageResult Of<TPage, TModel>(TModel model, PageOptions? options = null) where TPage : PageOf<TModel> where TModel : class =>
        new(builder =>
        {
            builder.OpenComponent<TPage>(0);
            builder.AddComponentParameter(1, nameof(PageOf<>.Model), model);
            builder.CloseComponent();
        }, options ?? PageOptions.Default);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var http = httpContext;
        var services = http.RequestServices;
        var tenant = http.Features.Get<TenantContext>();
        var locale = LocaleChoice.For(http, tenant, options.UiLocales, options.Interaction);
        LocaleChoice.Remember(http, tenant, locale, options.Interaction);
        var csrf = tenant is null ? "" : await services.GetRequiredService<Antiforgery>().TokenAsync(http, tenant, http.RequestAborted);
        var context = new PageContext(tenant, locale, csrf, http.TraceIdentifier, PathAndQuery(http.Request), services.GetRequiredService<TimeProvider>().Now()) { Banner = await FindBannerAsync(http, tenant, locale) };
        if (http.Features.Get<PageAccent>() is { } own) context = context with { Accent = own.Value };

        var response = http.Response;
        response.StatusCode = options.Status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentLanguage = locale.Tag;
        PageHeaders.Apply(response);
        if (options.RetryAfter is { } wait) response.Headers.RetryAfter = ((int)wait.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await RenderAsync(services, context, response, http.RequestAborted);
    }

    private static async ValueTask<PageBanner?> FindBannerAsync(HttpContext http, TenantContext? tenant, Locale locale)
    {
        if (tenant is not null)
            foreach (var banners in http.RequestServices.GetServices<IPageBanners>())
                if (await banners.FindAsync(http, tenant, locale, http.RequestAborted) is { } banner) return banner;
        return null;
    }

    /// <summary>
    /// <see cref="HtmlRenderer"/> and not RazorComponentResult: the latter brings form mapping, antiforgery, streaming and persisted state
    /// that a page without interactivity pays for and does not use. Our components never wait, so the render is complete when it returns.
    /// </summary>
    private async Task RenderAsync(IServiceProvider services, PageContext context, HttpResponse response, CancellationToken ct)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(PageContext)] = context,
            [nameof(RenderFragment)] = content,
        });
        await using var writer = new Utf8PipeTextWriter(response.BodyWriter);
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var output = await renderer.RenderComponentAsync<PageRoot>(parameters);
            output.WriteHtmlTo(writer);
        });
        await response.BodyWriter.FlushAsync(ct);
    }

    private static string PathAndQuery(HttpRequest request)
    {
        var query = QueryString.Empty;
        foreach (var (name, values) in request.Query)
        {
            if (name == LocaleChoice.Parameter || values.Count == 0) continue;
            query = query.Add(name, values[0] ?? "");
        }
        return request.Path.ToUriComponent() + query.ToUriComponent();
    }
}
