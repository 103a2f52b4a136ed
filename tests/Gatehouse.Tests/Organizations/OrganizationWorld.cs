using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gatehouse.Testing;
using Gatehouse.Tests.Users;

namespace Gatehouse.Tests.Organizations;

/// <summary>What the tests of organizations share.</summary>
internal static class OrganizationWorld
{
    internal static async Task<JsonElement> CreateOrganizationAsync(this HttpClient admin, string slug, object? more = null)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["slug"] ??= slug;
        body["display_name"] ??= $"The {slug}";
        using var created = await admin.PostAsJsonAsync("api/v1/organizations", body);
        return await created.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal static async Task AddMemberAsync(this HttpClient admin, string organization, string user)
    {
        using var added = await admin.PostAsJsonAsync($"api/v1/organizations/{organization}/members", new { user });
        await added.ReadJsonAsync(HttpStatusCode.Created);
    }

    internal static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var found = await client.GetAsync(path);
        return await found.ReadJsonAsync(HttpStatusCode.OK);
    }

    internal static async Task<IReadOnlyList<string?>> ListTextsAsync(this HttpClient client, string path, string member) =>
        [.. (await client.GetJsonAsync(path)).GetProperty("items").EnumerateArray().Select(i => i.Text(member))];
}
