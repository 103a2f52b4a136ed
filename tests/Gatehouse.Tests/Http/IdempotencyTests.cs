using System.Net;
using System.Net.Http.Json;
using Gatehouse.Http;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Tests.Applications;
using Gatehouse.Tests.Users;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Tests.Http;

public sealed class IdempotencyTests
{
    [Theory, BothDatabases]
    public async Task Of_32_identical_requests_at_once_one_makes_the_client_and_all_get_its_answer(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => SendAsync(admin, "key-1", Clients.Valid())));
        foreach (var answer in answers)
            if (answer.StatusCode == HttpStatusCode.Conflict) await answer.ShouldBeProblemAsync(HttpStatusCode.Conflict, "idempotency_in_progress");
            else answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answers.Count(a => a.StatusCode == HttpStatusCode.Created && !a.Headers.Contains("Idempotency-Replayed")).ShouldBe(1);

        using var replay = await SendAsync(admin, "key-1", Clients.Valid());
        replay.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        var first = await answers.First(a => a.StatusCode == HttpStatusCode.Created).ReadJsonAsync(HttpStatusCode.Created);
        var again = await replay.ReadJsonAsync(HttpStatusCode.Created);
        again.GetRawText().ShouldBe(first.GetRawText());        // the secret too, which nothing else could show again
        replay.Headers.Location!.ToString().ShouldEndWith(again.ClientId());
        replay.Headers.ETag!.Tag.ShouldBe("\"v1\"");
        replay.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await CountAsync(admin)).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task A_key_belongs_to_one_request_one_caller_and_one_tenant(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        using var elsewhere = await server.AdminAsync(await server.NewTenantAsync());
        (await SendAsync(admin, "key-1", Clients.Valid())).StatusCode.ShouldBe(HttpStatusCode.Created);
        await (await SendAsync(admin, "key-1", Clients.Valid(new { name = "Other" }))).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await SendAsync(admin, "key-2", Clients.Valid())).Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        (await SendAsync(elsewhere, "key-1", Clients.Valid())).Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        (await CountAsync(admin)).ShouldBe(2);
        (await CountAsync(elsewhere)).ShouldBe(1);
    }

    [Theory, BothDatabases]
    public async Task A_narrower_token_of_the_same_caller_is_not_shown_the_wider_ones_answer(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        var tenant = await server.NewTenantAsync();
        using var admin = await server.AdminAsync(tenant);
        using var narrow = await server.WithScopesAsync(tenant, Scopes.ClientsWrite);
        var powerful = Clients.Valid(new { grant_types = new[] { "client_credentials" }, redirect_uris = Array.Empty<string>(), scopes = Scopes.All.ToArray(), administrator = true });
        var made = await (await SendAsync(admin, "key-1", powerful)).ReadJsonAsync(HttpStatusCode.Created);
        using var replayed = await SendAsync(narrow, "key-1", powerful);
        await replayed.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await replayed.Content.ReadAsStringAsync()).ShouldNotContain(made.GetProperty("secret").GetString()!);
    }

    [Theory, BothDatabases]
    public async Task A_refused_request_leaves_its_key_free_for_the_corrected_one(TestDatabase database)
    {
        var server = await Servers.SharedAsync(database);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        await (await SendAsync(admin, "key-1", Clients.Valid(new { name = "" }))).ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "name_invalid");
        (await SendAsync(admin, "key-1", Clients.Valid())).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tab\tin it")]
    public async Task Refuses_a_key_that_is_none(string key)
    {
        var server = await Servers.SharedAsync(TestDatabase.Sqlite);
        using var admin = await server.AdminAsync(await server.NewTenantAsync());
        await (await SendAsync(admin, key, Clients.Valid())).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        await (await SendAsync(admin, new string('k', 256), Clients.Valid())).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "idempotency_key_invalid");
        (await CountAsync(admin)).ShouldBe(0);
    }

    [Theory, BothDatabases]
    public async Task A_request_whose_process_died_before_its_commit_is_carried_out_after_the_lease(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var admin = await server.AdminAsync();
        await ClaimAsync(server, "key-1", committed: false);
        await (await SendAsync(admin, "key-1", Body)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "idempotency_in_progress");
        server.Clock.Advance(Idempotency.Lease);
        (await SendAsync(admin, "key-1", Body)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, BothDatabases]
    public async Task A_request_whose_process_died_after_its_commit_is_never_carried_out_again(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using var admin = await server.AdminAsync();
        await ClaimAsync(server, "key-1", committed: true);
        var before = await CountAsync(admin);
        await (await SendAsync(admin, "key-1", Body)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "idempotency_in_progress");
        server.Clock.Advance(Idempotency.Lease);
        await (await SendAsync(admin, "key-1", Body)).ShouldBeProblemAsync(HttpStatusCode.Conflict, "idempotency_answer_lost");
        (await CountAsync(admin)).ShouldBe(before);
    }

    [Theory, BothDatabases]
    public async Task A_run_that_lost_its_lease_cannot_commit(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var late = await ClaimAsync(server, "key-1", committed: false);
        server.Clock.Advance(Idempotency.Lease);
        using var admin = await server.AdminAsync();
        (await SendAsync(admin, "key-1", Body)).StatusCode.ShouldBe(HttpStatusCode.Created);
        await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(server.Main.Id, CancellationToken.None);
        await Should.ThrowAsync<IdempotencyLeaseLostException>(async () => await late.JoinAsync(tx, CancellationToken.None));
    }

    [Theory, BothDatabases]
    public async Task A_key_is_forgotten_after_a_day(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        using (var admin = await server.AdminAsync()) (await SendAsync(admin, "key-1", Body)).StatusCode.ShouldBe(HttpStatusCode.Created);
        server.Clock.Advance(Idempotency.Retention + TimeSpan.FromSeconds(1));
        var pruning = server.Services.GetServices<IHostedService>().OfType<IdempotencyPruning>().Single();
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(1);
        (await pruning.RunAsync(CancellationToken.None)).ShouldBe(0);
    }

    private static readonly System.Text.Json.Nodes.JsonObject Body = Clients.Valid();

    /// <summary>The state a killed process leaves: a claim on exactly the request that <see cref="SendAsync"/> repeats.</summary>
    private static async Task<IdempotencyClaim> ClaimAsync(TestServer server, string key, bool committed)
    {
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = ("POST", "/api/v1/clients");
        using var content = JsonContent.Create(Body);
        var claim = IdempotencyClaim.Of(http, server.Main.Id, new Caller(server.Main.Id, "client", server.AutomationId) { Scopes = Scopes.All }, key, await content.ReadAsByteArrayAsync(), server.Clock.Now());
        await using var tx = await server.Services.GetRequiredService<IDatabase>().BeginAsync(server.Main.Id, CancellationToken.None);
        (await IdempotencyStore.TryClaimAsync(tx, claim, server.Clock.Now(), CancellationToken.None)).ShouldBeTrue();
        if (committed) await claim.JoinAsync(tx, CancellationToken.None);
        await tx.CommitAsync(CancellationToken.None);
        return claim;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient admin, string key, object body)
    {
        using var request = People.Request("POST", "api/v1/clients", body);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        return await admin.SendAsync(request);
    }

    private static async Task<int> CountAsync(HttpClient admin)
    {
        using var list = await admin.GetAsync("api/v1/clients");
        return (await list.ReadJsonAsync(HttpStatusCode.OK)).GetProperty("items").GetArrayLength();
    }
}
