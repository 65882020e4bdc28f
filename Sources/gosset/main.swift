print("gosset")
