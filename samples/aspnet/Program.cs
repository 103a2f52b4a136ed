// A small web application that signs people in through Gatehouse with the OAuth handler of ASP.NET Core itself: no package needed.
using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

var issuer = Environment.GetEnvironmentVariable("ISSUER");
var clientId = Environment.GetEnvironmentVariable("CLIENT_ID");
var clientSecret = Environment.GetEnvironmentVariable("CLIENT_SECRET");
var port = Environment.GetEnvironmentVariable("PORT") ?? "3001";
if (string.IsNullOrEmpty(issuer) || string.IsNullOrEmpty(clientId) || string.IsNullOrEmpty(clientSecret))
{
    Console.Error.WriteLine("Set ISSUER, CLIENT_ID and CLIENT_SECRET: the application page of the console shows all three.");
    return 2;
}

// The OAuth handler knows no discovery: ask for the endpoints once, here.
using var http = new HttpClient();
using var metadata = JsonDocument.Parse(await http.GetStringAsync(new Uri(issuer + "/.well-known/openid-configuration")));
string Endpoint(string name) => metadata.RootElement.GetProperty(name).GetString()!;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseUrls($"http://localhost:{port}");
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services
    .AddAuthentication(options =>
    {
        options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.DefaultChallengeScheme = "gatehouse";
    })
    .AddCookie()
    .AddOAuth("gatehouse", options =>
    {
        options.ClientId = clientId;
        options.ClientSecret = clientSecret;
        options.CallbackPath = "/callback";
        options.AuthorizationEndpoint = Endpoint("authorization_endpoint");
        options.TokenEndpoint = Endpoint("token_endpoint");
        options.UserInformationEndpoint = Endpoint("userinfo_endpoint");
        options.UsePkce = true;
        options.Scope.Add("openid");
        options.Scope.Add("profile");
        options.Scope.Add("email");
        options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "sub");
        options.ClaimActions.MapJsonKey(ClaimTypes.Name, "name");
        options.ClaimActions.MapJsonKey(ClaimTypes.Email, "email");
        options.Events.OnCreatingTicket = async context =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
            using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
            response.EnsureSuccessStatusCode();
            using var user = JsonDocument.Parse(await response.Content.ReadAsStringAsync(context.HttpContext.RequestAborted));
            context.RunClaimActions(user.RootElement);
        };
    });

var app = builder.Build();
app.UseAuthentication();
app.MapGet("/", (ClaimsPrincipal user) => Page(user.Identity is { IsAuthenticated: true }
    ? $"<h1>Hello, {WebUtility.HtmlEncode(user.FindFirstValue(ClaimTypes.Name) ?? user.FindFirstValue(ClaimTypes.Email))}</h1><p><a href=\"/logout\">Sign out</a></p>"
    : "<h1>ASP.NET Core sample</h1><p>You are not signed in.</p><p><a href=\"/login\">Sign in</a></p>"));
app.MapGet("/login", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/" }, ["gatehouse"]));
app.MapGet("/logout", async (HttpContext context) =>
{
    await context.SignOutAsync();
    var home = $"http://localhost:{port}/";
    return Results.Redirect($"{Endpoint("end_session_endpoint")}?client_id={Uri.EscapeDataString(clientId)}&post_logout_redirect_uri={Uri.EscapeDataString(home)}");
});
Console.WriteLine($"Sample application on http://localhost:{port}");
await app.RunAsync();
return 0;

static IResult Page(string body) => Results.Content($"""
    <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>ASP.NET Core sample</title>
    <body style="font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">{body}</body></html>
    """, "text/html; charset=utf-8");
