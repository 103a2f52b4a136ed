using System.Text.Json;
using Gatehouse.Hosting;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Tests.Hosting;

public sealed class JsonLinesTests
{
    [Fact]
    public void Writes_one_line_with_the_request_and_masks_personal_data_by_type()
    {
        var http = new DefaultHttpContext { TraceIdentifier = "req-1" };
        http.Features.Set(new TenantContext(TenantId.New(TimeProvider.System), "acme", "Acme", "https://acme.example", TenantStatus.Active, null, TenantSettings.Default));
        var scopes = new LoggerExternalScopeProvider();
        scopes.Push(new RequestScope(http));
        KeyValuePair<string, object?>[] state = [new("Email", (Pii)"anna@example.com"), new("RetryCount", 3), new("{OriginalFormat}", "Mail to {Email}")];
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(LogLevel.Warning, "Gatehouse.Test", new Microsoft.Extensions.Logging.EventId(1, "LogMail"), state,
            new InvalidOperationException("line one\nline two"), (s, _) => $"Mail to {s[0].Value}\nnext");
        using var writer = new StringWriter();
        new JsonLines(TimeProvider.System).Write(entry, scopes, writer);

        writer.ToString().TrimEnd('\n').ShouldNotContain("\n");
        writer.ToString().ShouldNotContain("anna@");
        var line = JsonDocument.Parse(writer.ToString()).RootElement;
        line.GetProperty("level").GetString().ShouldBe("warning");
        line.GetProperty("request_id").GetString().ShouldBe("req-1");
        line.GetProperty("tenant").GetString().ShouldBe("acme");
        line.GetProperty("values").GetProperty("email").GetString().ShouldBe("a***@example.com");
        line.GetProperty("values").GetProperty("retry_count").GetInt32().ShouldBe(3);
        line.GetProperty("exception").GetString()!.ShouldContain("line two");
    }
}
