namespace Gatehouse.Hosting;

/// <summary>Names the assembly that holds the rooms and their migrations.</summary>
public static class ServerAssembly
{
    public static System.Reflection.Assembly Assembly => typeof(ServerAssembly).Assembly;
}
