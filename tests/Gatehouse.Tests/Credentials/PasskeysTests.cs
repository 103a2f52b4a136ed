using Gatehouse.Credentials;
using Gatehouse.Kernel;
using Gatehouse.Storage;
using Gatehouse.Testing;
using Gatehouse.Users;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Tests.Credentials;

/// <summary>What no page can be made to do: many sessions of one person at the very same moment.</summary>
public sealed class PasskeysTests
{
    [Theory, BothDatabases]
    public async Task Keeps_to_twenty_of_sixty_four_that_are_added_at_once(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database);
        var (passkeys, storage, ct) = (server.Services.GetRequiredService<Passkeys>(), server.Services.GetRequiredService<IDatabase>(), CancellationToken.None);
        var origin = new Uri(server.Url).GetLeftPart(UriPartial.Authority);
        List<(SessionId Session, PasskeyForm Form)> answers = [];
        await using (var tx = await storage.BeginAsync(server.Main.Id, ct))
        {
            var user = (await server.Services.GetRequiredService<UserDirectory>().FindAsync(tx, server.AdminId, ct))!;
            for (var i = 0; i < 64; i++)
            {
                using var key = new SoftAuthenticator();
                var session = SessionId.New(server.Clock);
                var creation = (await passkeys.BeginRegistrationAsync(tx, server.Main, session, user, ct))!;
                var sent = key.Create(creation.RpId, creation.Challenge, origin).ToDictionary(f => f.Name, f => f.Value);
                answers.Add((session, new(sent["id"], sent["client_data"], sent["data"], "", "", sent["transports"])));
            }
            await tx.CommitAsync(ct);
        }

        var results = await Task.WhenAll(answers.Select(a => Task.Run(async () =>
        {
            await using var tx = await storage.BeginAsync(server.Main.Id, ct);
            var made = (await passkeys.RegisterAsync(tx, server.Main, a.Session, server.AdminId, "Key", a.Form, ct)).TryGet(out _, out var refused) ? "made" : refused!.Code;
            await tx.CommitAsync(ct);
            return made;
        })));
        results.GroupBy(r => r).ToDictionary(g => g.Key, g => g.Count()).ShouldBe(new Dictionary<string, int> { ["made"] = Passkeys.MaxPerUser, ["passkeys_too_many"] = 64 - Passkeys.MaxPerUser }, ignoreOrder: true);
        await using var read = await storage.ReadAsync(server.Main.Id, ct);
        (await passkeys.ListAsync(read, server.AdminId, ct)).Count.ShouldBe(Passkeys.MaxPerUser);
    }
}
