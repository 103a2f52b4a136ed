// The floor: bare Kestrel that does nothing but the signature a token needs. What a real token endpoint reaches is measured against it.
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseUrls(args.Length > 0 ? args[0] : "http://127.0.0.1:9001");
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
builder.Services.AddRoutingCore();
var app = builder.Build();
app.UseRouting();

// One instance per concurrent signer: the instances are not safe to share.
var ecs = new ConcurrentBag<ECDsa>();
var rsas = new ConcurrentBag<RSA>();
var rsaKey = RSA.Create(2048).ExportPkcs8PrivateKey();
var input = Encoding.ASCII.GetBytes("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImtleV8wMTIzNDU2Nzg5In0." + new string('x', 480));

app.MapPost("/es256", async context =>
{
    if (!ecs.TryTake(out var key)) key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    var signature = key.SignData(input, HashAlgorithmName.SHA256);
    ecs.Add(key);
    await AnswerAsync(context, signature);
});
app.MapPost("/rs256", async context =>
{
    if (!rsas.TryTake(out var key))
    {
        key = RSA.Create();
        key.ImportPkcs8PrivateKey(rsaKey, out _);
    }
    var signature = key.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    rsas.Add(key);
    await AnswerAsync(context, signature);
});
app.MapGet("/static", context => AnswerAsync(context, new byte[64]));
await app.RunAsync();

async Task AnswerAsync(HttpContext context, byte[] signature)
{
    var body = Encoding.ASCII.GetBytes("{\"access_token\":\"" + Encoding.ASCII.GetString(input) + "." + Base64Url.EncodeToString(signature) + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = body.Length;
    await context.Response.Body.WriteAsync(body);
}
