using Gatehouse.Kernel;

namespace Gatehouse.SignIn.Headless;

/// <summary>What steps find wrong with an answer, in the words of the API. The pages have theirs in every language.</summary>
internal static class StepProblems
{
    internal static FlowRefusal Of(string code)
    {
        var problem = code switch
        {
            "email_invalid" => Problem.Invalid("email_invalid", "That is not an e-mail address we can send to.", "email"),
            "password_missing" => Problem.Invalid("password_missing", "The password is missing.", "password"),
            "credentials_wrong" => Problem.Invalid("credentials_wrong", "Address and password do not belong together, or there were too many attempts."),
            "passkey_refused" => Problem.Invalid("passkey_refused", "The passkey was not accepted."),
            "wrong_account" => Problem.Invalid("wrong_account", "The application asked for another account."),
            "code_missing" => Problem.Invalid("code_missing", "The code is missing.", "code"),
            "code_wrong" => Problem.Invalid("code_wrong", "The code is not right, was used before, or there were too many attempts.", "code"),
            _ => Problem.Invalid("answer_invalid", "The answer was not taken."),
        };
        return new(problem.Code, problem.Detail, problem.Status);
    }
}
