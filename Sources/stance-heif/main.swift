print("heif")
