using WebHost;

await using var app = await BugHost.BuildAsync(args);
await app.RunAsync();
