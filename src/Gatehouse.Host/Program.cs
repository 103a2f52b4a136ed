Console.WriteLine("gatehouse");
