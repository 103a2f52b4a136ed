namespace Gatehouse.SignIn.Recovering;

internal sealed class EnglishRecoveryTexts : RecoveryTexts
{
    internal static EnglishRecoveryTexts Instance { get; } = new();

    public override string Title => "Have you lost all of them?";
    public override string Lead => "We can remove your second step and your passkeys, so that you sign in without them and set up new ones.";
    public override string Takes(int hours) => $"So that nobody else does this in your name, it takes {(hours % 24 != 0 ? hours == 1 ? "1 hour" : $"{hours} hours" : hours == 24 ? "1 day" : $"{hours / 24} days")}. All your addresses are told, and can stop it. Signing in with what you thought was lost stops it too.";
    public override string FirstMail => "First we send a link to your main address. It begins when you use that.";
    public override string Start => "Start the recovery";
    public override string AnotherProof => "Beside your mail we need one more proof that it is you.";
    public override string SendCode(string number) => $"Send a code to {IsolateLeftToRight(number)}";
    public override string AskWhy => "Without another proof, the people who run this service have to agree.";
    public override string Ask => "Ask them and start";
    public override string PasswordFirst => "You know your password? Enter it first";

    public override string Sent => "We have sent you a message. Open the link in it within 60 minutes to go on.";
    public override string SentHint => "Nothing there? Look in the spam folder.";
    public override string NoMailboxTitle => "Ask for help";
    public override string NoMailbox => "Your account has no confirmed address that we could write to. The people who run this service can help you.";
    public override string UnderWayTitle => "The recovery is under way";
    public override string UnderWay(string time) => $"From {IsolateLeftToRight(time)} on, a link that we send to your main address completes it.";
    public override string UnderWayShort => "When its time has come, a link that we send to your main address completes it.";
    public override string UnderWayHint => "Every message about it has a link that cancels it. If you find what you lost, just sign in with it.";
    public override string WillBeAsked => "The people who run this service have to agree first. Tell them that you asked.";

    public override string ConfirmTitle => "Start the recovery?";
    public override string ConfirmLead => "From now on, all your addresses are told. When the time is over, you can remove your second step and your passkeys.";
    public override string CancelTitle => "Cancel the recovery?";
    public override string CancelLead => "Your second step and your passkeys stay as they are.";
    public override string Cancel => "Cancel the recovery";
    public override string CancelledTitle => "The recovery is cancelled";
    public override string CancelledText => "Nothing has changed in your account.";
    public override string CancelledHint => "Had you not asked for it? Then somebody may know your password: choose another one now.";
    public override string CompleteTitle => "Complete the recovery?";
    public override string CompleteLead => "Your second step and your passkeys are removed, and you are signed out on all your devices. Then sign in and set up new ones.";
    public override string CompleteLeadPassword => "Your passkeys are removed, and you are signed out on all your devices. Choose a password to sign in with, then set up a new passkey.";
    public override string Complete => "Complete the recovery";
    public override string DoneTitle => "Your account is recovered";
    public override string DoneText => "What you had lost is removed. Sign in, and set up a second step or a passkey again.";
}
